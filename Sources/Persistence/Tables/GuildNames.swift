package import Domain

/// What is shown of guilds around a page's content.
extension Guilds {
    package struct Name: Sendable, Equatable {
        package let guild: GuildID
        package let name: String
        package let icon: String?
    }

    /// Those of them that are registered, by id.
    package static func names(of guilds: [GuildID], _ database: Database) async throws(DatabaseFailure) -> [Name] {
        let answer = try await database.rows("SELECT \(nameColumns) FROM dashboard.registered_guilds(\(guilds))")
        return try nameColumns.all(answer)
    }

    private static let nameColumns = Columns("guilds") { row throws(DatabaseFailure) in
        try Name(guild: row("guild_id"), name: row("name"), icon: row("icon"))
    }

    /// The IANA zone in which the guild's days begin and end.
    package static let timeZone = Query<String> { access in
        "SELECT timezone FROM guild_settings WHERE client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        try rows.first("timezone", of: "guild_settings") ?? "UTC"
    }
}
