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
        try await database.rows("SELECT guild_id, name, icon FROM dashboard.registered_guilds(\(guilds))")
            .map { Name(guild: $0.id(0), name: $0.text(1), icon: $0.optionalText(2)) }
    }

    /// The IANA zone in which the guild's days begin and end.
    package static let timeZone = Query<String> { access in
        "SELECT timezone FROM guild_settings WHERE client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        rows.first?.text(0) ?? "UTC"
    }
}
