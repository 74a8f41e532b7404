package import Domain
package import Formats
internal import HTTP

/// A signed-in person, as proved by the present request.
package struct Session: Sendable {
    /// How the request authenticated.
    package enum Credential: Sendable, Equatable {
        case cookie
        case bearer
    }

    package let id: SessionID
    package let user: UserID
    package let username: String
    package let credential: Credential
    /// The guilds that this person can see now: those in the token that are still valid.
    package let memberships: [GuildID: Membership]
    /// When these rights expire.
    package let expires: Timestamp

    /// - Throws: `notFound` for a guild the person cannot see, `forbidden` if the level is too low.
    package func access(by rule: GuildRule, in guild: GuildID) throws(Rejection) -> GuildAccess {
        try GuildAccess.grant(by: rule, in: guild, to: user, with: memberships[guild])
    }
}
