/// That a person belongs to a guild, and what they may do there.
package struct Membership: Hashable, Sendable {
    package let client: ClientID
    package let guild: GuildID
    package let level: Level
    /// Whether they have that level only because an admin gave it to them for a while.
    package let isGuest: Bool

    package init(client: ClientID, guild: GuildID, level: Level, isGuest: Bool = false) {
        self.client = client
        self.guild = guild
        self.level = level
        self.isGuest = isGuest
    }
}

/// Proof that a person may act in a guild; only `grant` makes one, and every tenant query asks for one.
package struct GuildAccess: Hashable, Sendable {
    package let client: ClientID
    package let guild: GuildID
    /// What the person may do there, which can be more than what was needed.
    package let level: Level
    /// Whether the level was only given for a while.
    package let isGuest: Bool
    /// Who acts.
    package let user: UserID

    private init(_ membership: Membership, user: UserID) {
        client = membership.client
        guild = membership.guild
        level = membership.level
        isGuest = membership.isGuest
        self.user = user
    }

    /// Where the same guild is listed twice, as for a guest who is also a member, the higher level counts.
    ///
    /// - Throws: `.notFound` in a guild the person does not belong to, so that ids cannot be probed, `.forbidden`
    ///   in one where the level is too low.
    package static func grant(
        _ needed: Level, in guild: GuildID, to user: UserID, with memberships: some Sequence<Membership>
    ) throws(Rejection) -> GuildAccess {
        let best = memberships.filter { $0.guild == guild }.max { $0.level < $1.level }
        return try grant(needed, in: guild, to: user, with: best)
    }

    /// The same for a membership that was looked up; one of another guild is none.
    ///
    /// - Throws: `.notFound` or `.forbidden`.
    package static func grant(
        _ needed: Level, in guild: GuildID, to user: UserID, with membership: Membership?
    ) throws(Rejection) -> GuildAccess {
        guard let membership, membership.guild == guild else { throw .notFound }
        guard membership.level >= needed else { throw .forbidden("Only admins of this server may do this.") }
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
