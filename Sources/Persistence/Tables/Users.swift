package import Domain
internal import Formats

/// The tables `users` and `user_guilds`: people, and their data from Discord.
package enum Users {
    package struct Claims: Sendable {
        package let username: String
        package let guilds: [(guild: GuildID, client: ClientID, permissions: Permissions)]
    }

    /// Stores the data of a sign-in; without a new guild list the old one stays.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func save(
        _ person: Person, guilds: [DiscordGuild]?, _ transaction: Transaction
    ) async throws {
        let source = guilds == nil ? "unavailable" : "current"
        try await transaction.rows(
            """
            INSERT INTO users (id, username, global_name, avatar, email, locale, guilds_read_at, guilds_source_state)
            VALUES (\(person.id), \(person.username), \(person.globalName), \(person.avatar), \(person.email),
                    \(person.locale), CASE WHEN \(guilds != nil) THEN now() END, \(source))
            ON CONFLICT (id) DO UPDATE
               SET username = excluded.username, global_name = excluded.global_name, avatar = excluded.avatar,
                   email = excluded.email, locale = excluded.locale, last_sign_in_at = now(),
                   guilds_read_at = coalesce(excluded.guilds_read_at, users.guilds_read_at),
                   guilds_source_state = excluded.guilds_source_state,
                   guilds_retry_at = CASE WHEN excluded.guilds_read_at IS NULL THEN users.guilds_retry_at END
            """)
        if let guilds { try await replaceGuilds(of: person.id, guilds, transaction) }
    }

    /// - Throws: `DatabaseFailure`.
    static func replaceGuilds(
        of user: UserID, _ guilds: [DiscordGuild], _ transaction: Transaction
    ) async throws {
        try await transaction.rows(
            "DELETE FROM user_guilds WHERE user_id = \(user) AND guild_id <> ALL (\(guilds.map(\.id)))")
        try await transaction.rows(
            """
            INSERT INTO user_guilds (user_id, guild_id, name, icon, permissions, owner)
            SELECT \(user), list.guild_id, list.name, nullif(list.icon, ''), list.permissions, list.owner = 1
              FROM unnest(\(guilds.map(\.id)), \(guilds.map(\.name)), \(guilds.map { $0.icon ?? "" }),
                                          \(guilds.map { Int64(bitPattern: $0.permissions.bits) }),
                                          \(guilds.map { $0.isOwner ? Int64(1) : 0 }))
                AS list (guild_id, name, icon, permissions, owner)
            ON CONFLICT (user_id, guild_id) DO UPDATE
               SET name = excluded.name, icon = excluded.icon, permissions = excluded.permissions,
                   owner = excluded.owner
             WHERE (user_guilds.name, user_guilds.icon, user_guilds.permissions, user_guilds.owner)
                   IS DISTINCT FROM (excluded.name, excluded.icon, excluded.permissions, excluded.owner)
            """)
    }

    /// The content of an access token: the name, and the registered guilds that the person can see.
    package static func claims(_ user: UserID, _ database: Database) async throws(DatabaseFailure) -> Claims? {
        let answer = try await database.rows(
            """
            SELECT \(claimColumns)
              FROM users u LEFT JOIN LATERAL dashboard.memberships(u.id) m ON true
             WHERE u.id = \(user)
             ORDER BY m.guild_id
            """)
        let found = try claimColumns.all(answer)
        return found.first.map { Claims(username: $0.username, guilds: found.compactMap(\.guild)) }
    }

    private typealias Claim = (guild: GuildID, client: ClientID, permissions: Permissions)

    private static let claimColumns = Columns("users") { row throws(DatabaseFailure) in
        let username: String = try row("u.username")
        let (guild, client) = (try row("m.guild_id", as: GuildID?.self), try row("m.client_id", as: ClientID?.self))
        let bits = try row("m.permissions", as: Int64?.self)
        guard let guild, let client, let bits else { return (username: username, guild: Claim?.none) }
        let permissions = Permissions(bits: UInt64(bitPattern: bits))
        return (username: username, guild: (guild: guild, client: client, permissions: permissions))
    }

    package static func find(_ user: UserID, _ database: Database) async throws(DatabaseFailure) -> Person? {
        try personColumns.first(try await database.rows("SELECT \(personColumns) FROM users WHERE id = \(user)"))
    }

    private static let personColumns = Columns("users") { row throws(DatabaseFailure) in
        try Person(
            id: row("id"), username: row("username"), globalName: row("global_name"), avatar: row("avatar"),
            email: row("email"), locale: row("locale"))
    }
}
