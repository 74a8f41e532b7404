package import Domain
package import Formats

/// The servers of a person: registered ones, and those that the bot can be added to.
package struct GuildList: Sendable, Equatable {
    package struct Server: Sendable, Equatable {
        package let guild: GuildID
        package let name: String
        package let icon: String?
        /// When the bot left; nil while it is a member.
        package let leftAt: Timestamp?
        package let level: Level
        package let accountCount: Int
        package let postCount: Int
    }

    /// A guild that the person manages and that is not registered.
    package struct Candidate: Sendable, Equatable {
        package let guild: GuildID
        package let name: String
        package let icon: String?
    }

    /// The state of Discord's list, or the reason why it is outdated.
    package enum Source: String, CaseIterable, ColumnValue {
        case unread, current
        case rateLimited = "rate_limited"
        case unavailable, revoked
    }

    /// Servers with the bot first, by name.
    package let servers: [Server]
    /// By name.
    package let candidates: [Candidate]
    /// When Discord's list was read; nil if never.
    package let readAt: Timestamp?
    package let source: Source

    package static func read(of user: UserID, _ database: Database) async throws(DatabaseFailure) -> GuildList {
        let answers = try await database.rows([servers(of: user), candidates(of: user), state(of: user)])
        let state = try stateColumns.first(answers[2])
        return GuildList(
            servers: try serverColumns.all(answers[0]), candidates: try candidateColumns.all(answers[1]),
            readAt: state?.readAt, source: state?.source ?? .unread)
    }

    private static let serverColumns = Columns("guilds") { row throws(DatabaseFailure) in
        try Server(
            guild: row("g.guild_id"), name: row("g.name"), icon: row("g.icon"), leftAt: row("g.left_at"),
            level: row("mine.is_admin") ? .admin : .viewer, accountCount: row("g.account_count"),
            postCount: row("g.post_count"))
    }

    private static let candidateColumns = Columns("user_guilds") { row throws(DatabaseFailure) in
        try Candidate(guild: row("guild_id"), name: row("name"), icon: row("icon"))
    }

    private static let stateColumns = Columns("users") { row throws(DatabaseFailure) in
        (
            readAt: try row("guilds_read_at", as: Timestamp?.self),
            source: try row("guilds_source_state", as: Source.self)
        )
    }

    private static func servers(of user: UserID) -> SQL {
        """
        WITH mine AS MATERIALIZED (SELECT guild_id, is_admin FROM dashboard.memberships(\(user)))
        SELECT \(serverColumns)
          FROM dashboard.registered_guilds(ARRAY(SELECT guild_id FROM mine)) g
          JOIN mine ON mine.guild_id = g.guild_id
         ORDER BY g.left_at IS NOT NULL, lower(g.name), g.guild_id
        """
    }

    /// A manager of a registered guild is a member of it, so a managed guild without a membership is unregistered.
    private static func candidates(of user: UserID) -> SQL {
        """
        SELECT \(candidateColumns) FROM user_guilds
         WHERE user_id = \(user) AND dashboard.is_manager(owner, permissions)
           AND guild_id NOT IN (SELECT guild_id FROM dashboard.memberships(\(user)))
         ORDER BY lower(name), guild_id
        """
    }

    private static func state(of user: UserID) -> SQL {
        "SELECT \(stateColumns) FROM users WHERE id = \(user)"
    }
}
