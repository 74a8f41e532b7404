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
    package enum Source: String, CaseIterable, Sendable {
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
        let state = answers[2].first
        return GuildList(
            servers: answers[0].map { row in
                Server(
                    guild: row.id(0), name: row.text(1), icon: row.optionalText(2), leftAt: row.optionalTimestamp(3),
                    level: row.boolean(4) ? .admin : .viewer, accountCount: row.int(5), postCount: row.int(6))
            },
            candidates: answers[1].map { Candidate(guild: $0.id(0), name: $0.text(1), icon: $0.optionalText(2)) },
            readAt: state?.optionalTimestamp(0), source: state?.vocabulary(1, default: .unread) ?? .unread)
    }

    private static func servers(of user: UserID) -> SQL {
        """
        WITH mine AS MATERIALIZED (SELECT guild_id, is_admin FROM dashboard.memberships(\(user)))
        SELECT g.guild_id, g.name, g.icon, g.left_at, mine.is_admin, g.account_count, g.post_count
          FROM dashboard.registered_guilds(ARRAY(SELECT guild_id FROM mine)) g
          JOIN mine ON mine.guild_id = g.guild_id
         ORDER BY g.left_at IS NOT NULL, lower(g.name), g.guild_id
        """
    }

    /// A manager of a registered guild is a member of it, so a managed guild without a membership is unregistered.
    private static func candidates(of user: UserID) -> SQL {
        """
        SELECT guild_id, name, icon FROM user_guilds
         WHERE user_id = \(user) AND (owner OR permissions & 40 <> 0)
           AND guild_id NOT IN (SELECT guild_id FROM dashboard.memberships(\(user)))
         ORDER BY lower(name), guild_id
        """
    }

    private static func state(of user: UserID) -> SQL {
        "SELECT guilds_read_at, guilds_source_state FROM users WHERE id = \(user)"
    }
}
