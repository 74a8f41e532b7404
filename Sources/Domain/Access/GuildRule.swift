/// Who may use something of a guild.
package struct GuildRule: Hashable, Sendable {
    /// The lowest level that may.
    package let level: Level
    /// Why guests may not although their level is high enough; nil if they may.
    package let guestRefusal: String?

    private init(_ level: Level, guestRefusal: String? = nil) {
        self.level = level
        self.guestRefusal = guestRefusal
    }

    package static let viewer = GuildRule(.viewer)
    package static let admin = GuildRule(.admin)

    /// Admins who belong to the server, for changes that would outlast a guest's access.
    ///
    /// Guests are told the reason.
    package static func admin(refusingGuests reason: String) -> GuildRule { GuildRule(.admin, guestRefusal: reason) }

    /// Whether a person with that access may.
    package func allows(_ access: GuildAccess) -> Bool {
        access.level >= level && (guestRefusal == nil || !access.isGuest)
    }
}
