package import Domain
package import Formats

/// The tables `clients` and `guilds` for the operator's commands.
package struct Clients {
    package struct Entry: Sendable {
        package let client: ClientID
        package let guild: GuildID
        package let name: String
        package let joinedAt: Timestamp
        /// Nil while the bot is a member.
        package let leftAt: Timestamp?
        package let accounts: Int
    }

    private let connection: BlockingConnection

    /// The connection must be the owner's; from here on it reads across tenants.
    ///
    /// - Throws: `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws(DatabaseFailure) {
        self.connection = connection
        try connection.script("SET app.scope = 'all'")
    }

    /// In the order of registration.
    package func list() throws(DatabaseFailure) -> [Entry] {
        try Self.entry.all(try connection.rows("SELECT \(Self.entry) FROM guilds g ORDER BY g.client_id"))
    }

    private static let entry = Columns("guilds") { row throws(DatabaseFailure) in
        try Entry(
            client: row("g.client_id"), guild: row("g.guild_id"), name: row("g.name"), joinedAt: row("g.joined_at"),
            leftAt: row("g.left_at"),
            accounts: row("(SELECT count(*) FROM client_accounts a WHERE a.client_id = g.client_id)"))
    }

    /// Registers a guild, or renames it; its icon stays.
    package func add(_ guild: GuildID, name: String) throws(DatabaseFailure) -> ClientID {
        try connection.rows(
            """
            SELECT dashboard.register_guild(\(guild), \(name), (SELECT icon FROM guilds WHERE guild_id = \(guild)),
                                            'system', 'command_line')
            """
        ).only("register_guild", of: "guilds")
    }
}
