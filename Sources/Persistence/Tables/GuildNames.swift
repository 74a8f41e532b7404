package import Domain
internal import Formats

/// The guild data around a page's content.
extension Guilds {
    package struct Name: Sendable, Equatable {
        package let guild: GuildID
        package let name: String
        package let icon: String?
    }

    /// The registered guilds among them, by id.
    package static func names(of guilds: [GuildID], _ database: Database) async throws(DatabaseFailure) -> [Name] {
        let answer = try await database.rows("SELECT \(nameColumns) FROM dashboard.registered_guilds(\(guilds))")
        return try nameColumns.all(answer)
    }

    private static let nameColumns = Columns("guilds") { row throws(DatabaseFailure) in
        try Name(guild: row("guild_id"), name: row("name"), icon: row("icon"))
    }

    /// The IANA time zone of the guild's days.
    package static let timeZone = Query<String> { access in
        "SELECT timezone FROM guild_settings WHERE client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        try rows.first("timezone", of: "guild_settings") ?? "UTC"
    }
}
