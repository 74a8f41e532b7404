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
        try await database.rows("SELECT guild_id, name, icon FROM dashboard.registered_guilds(\(guilds))")
            .map { Name(guild: $0.id(0), name: $0.text(1), icon: $0.optionalText(2)) }
    }

    /// The IANA time zone of the guild's days.
    package static let timeZone = Query<String> { access in
        "SELECT timezone FROM guild_settings WHERE client_id = \(access.client)"
    } value: { rows in
        rows.first?.text(0) ?? "UTC"
    }
}
