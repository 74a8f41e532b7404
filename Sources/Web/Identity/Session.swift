package import Domain

/// A person who is signed in, as far as the present request proves it.
package struct Session: Sendable {
    /// How the request showed who it is from.
    package enum Credential: Sendable, Equatable {
        case cookie
        case bearer
    }

    package let id: SessionID
    package let user: UserID
    package let username: String
    package let credential: Credential
    /// The guilds that this person may see now: what the token lists, as far as it still holds.
    package let memberships: [GuildID: Membership]
    /// When this may no longer be so.
    package let expires: Timestamp

    /// - Throws: `notFound` for a guild out of sight, `forbidden` if the level is too low or the rule refuses guests.
    package func access(by rule: GuildRule, in guild: GuildID) throws(Rejection) -> GuildAccess {
        try GuildAccess.grant(by: rule, in: guild, to: user, with: memberships[guild])
    }
}
