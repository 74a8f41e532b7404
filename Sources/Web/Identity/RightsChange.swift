package import Domain
internal import HTTP

/// Whose rights may be others than they were a moment ago.
package enum RightsChange: Sendable, Equatable {
    /// It has ended, as a rule.
    case session(SessionID)
    case user(UserID)
    case guild(GuildID)
    /// Messages were missed, or cannot be read.
    case everyone
}
