package import Domain
internal import HTTP

/// A change that may affect the rights of a session, a user, a guild or everyone.
package enum RightsChange: Sendable, Equatable {
    /// The session usually has ended.
    case session(SessionID)
    case user(UserID)
    case guild(GuildID)
    /// Notifications were missed or are unreadable.
    case everyone
}
