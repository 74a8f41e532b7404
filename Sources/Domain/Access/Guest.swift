package import Formats

package struct Guest: Sendable, Equatable {
    package let id: GuestID
    package let user: UserID
    /// Nil if the person has never signed in.
    package let name: String?
    package let level: Level
    package let giver: UserID
    package let giverName: String?
    package let created: Timestamp
    package let ends: Timestamp

    package init(
        id: GuestID, user: UserID, name: String?, level: Level, giver: UserID, giverName: String?, created: Timestamp,
        ends: Timestamp
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.level = level
        self.giver = giver
        self.giverName = giverName
        self.created = created
        self.ends = ends
    }
}

package struct GuestDraft: Sendable, Equatable {
    package let user: UserID
    package let level: Level
    package let hours: Int64

    /// An hour to 30 days.
    package static let hours: ClosedRange<Int64> = 1...720

    package init(user: UserID, level: Level, hours: Int64) {
        self.user = user
        self.level = level
        self.hours = hours
    }
}
