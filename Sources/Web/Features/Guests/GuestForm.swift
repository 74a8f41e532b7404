internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The form that grants temporary access.
enum GuestForm {
    static let user = FormField("userId", "Discord user ID")
    static let level = FormField("level", "Level")
    static let hours = FormField("hours", "Duration")
    static let fields = [user, level, hours]

    static let levels = Level.allCases.map { Choice($0.rawValue, $0.label) }
    static let lengths = [
        Choice("1", "1 hour"), Choice("24", "1 day"), Choice("168", "7 days"), Choice("720", "30 days"),
    ]

    /// The initial form.
    static let empty = Form([level.name: Level.viewer.rawValue, hours.name: "168"])

    /// - Throws: `invalid`, with the same pointers as the API.
    static func draft(_ form: Form) throws(Rejection) -> GuestDraft {
        var complaints: [Rejection.Complaint] = []
        let id = UserID(form[user.name].split(separator: " ").joined())
        if id == nil { complaints.append(.init(user.pointer, "must be 17 to 19 digits.")) }
        let level = Level.allCases.first { $0.rawValue == form[Self.level.name] }
        if level == nil { complaints.append(.init(Self.level.pointer, "must be one of the levels.")) }
        let hours = WholeNumber.parse(form[Self.hours.name]).flatMap { GuestDraft.hours.contains($0) ? $0 : nil }
        if hours == nil { complaints.append(.init(Self.hours.pointer, "must be an hour to 30 days.")) }
        guard let id, let level, let hours else { throw .invalid(complaints) }
        return GuestDraft(user: id, level: level, hours: hours)
    }
}
