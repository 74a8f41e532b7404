package import Formats

/// A person's membership and level in a guild.
package struct Membership: Hashable, Sendable {
    package let client: ClientID
    package let guild: GuildID
    package let level: Level
    /// True if an admin granted the level temporarily.
    package let isGuest: Bool
    /// When the server last learnt of the facts behind it.
    package let since: Timestamp

    package init(
        client: ClientID, guild: GuildID, level: Level, isGuest: Bool = false,
        since: Timestamp = Timestamp(microseconds: .min)
    ) {
        self.client = client
        self.guild = guild
        self.level = level
        self.isGuest = isGuest
        self.since = since
    }
}

/// Proof of a person's access to a guild.
///
/// Only `grant` creates it, and every tenant query requires it.
package struct GuildAccess: Hashable, Sendable {
    package let client: ClientID
    package let guild: GuildID
    /// The person's level, which may be higher than required.
    package let level: Level
    /// True if the level was granted temporarily.
    package let isGuest: Bool
    /// The acting person.
    package let user: UserID

    private init(_ membership: Membership, user: UserID) {
        client = membership.client
        guild = membership.guild
        level = membership.level
        isGuest = membership.isGuest
        self.user = user
    }

    /// If a guild is listed twice, for example for a guest who is also a member, the higher level counts.
    ///
    /// - Throws: `.notFound` for a guild the person does not belong to, so that ids cannot be probed; `.forbidden` if
    ///   the level is too low.
    package static func grant(
        _ needed: Level, in guild: GuildID, to user: UserID, with memberships: some Sequence<Membership>
    ) throws(Rejection) -> GuildAccess {
        let best = memberships.filter { $0.guild == guild }.max { $0.level < $1.level }
        return try grant(needed, in: guild, to: user, with: best)
    }

    /// The same for a membership that was looked up.
    ///
    /// A membership of another guild is ignored.
    ///
    /// - Throws: `.notFound` or `.forbidden`.
    package static func grant(
        _ needed: Level, in guild: GuildID, to user: UserID, with membership: Membership?
    ) throws(Rejection) -> GuildAccess {
        guard let membership, membership.guild == guild else { throw .notFound }
        guard membership.level >= needed else { throw .forbidden("Only admins of this server can do this.") }
        return GuildAccess(membership, user: user)
    }

    /// The same by a rule, which may refuse guests as well.
    ///
    /// - Throws: `.notFound` or `.forbidden`.
    package static func grant(
        by rule: GuildRule, in guild: GuildID, to user: UserID, with membership: Membership?
    ) throws(Rejection) -> GuildAccess {
        let access = try grant(rule.level, in: guild, to: user, with: membership)
        if let refusal = rule.guestRefusal, access.isGuest { throw .forbidden(refusal) }
        return access
    }
}
