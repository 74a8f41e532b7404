internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The sample guilds of demo mode.
enum SampleData {
    struct Refusal: Error, CustomStringConvertible {
        let description = """
            demo mode lets anybody in and changes numbers, and this database holds guilds that are not the sample's. \
            Set DASHBOARD_DISCORD_CLIENT_ID and DASHBOARD_DISCORD_CLIENT_SECRET, or use an empty database: another \
            DATABASE_URL, or another DATA_DIR
            """
    }

    /// Fills an empty database; does nothing if it was filled before.
    ///
    /// - Throws: `Refusal` if the database has other guilds than the sample's.
    static func fill(_ address: String, _ log: Log) throws {
        let connection = try BlockingConnection(
            ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard demo"))
        try connection.transaction { try fill(connection, log) }
    }

    private static func fill(_ connection: BlockingConnection, _ log: Log) throws {
        // If two services start at once on one database, one fills it and the other waits. Not an advisory lock,
        // because the bot's role could take it.
        try connection.script(
            """
            SET LOCAL app.scope = 'all'; SET LOCAL statement_timeout = 0;
            LOCK TABLE guilds IN SHARE ROW EXCLUSIVE MODE;
            """)
        let guilds = try counted.row(0, of: try connection.rows("SELECT \(counted) FROM guilds"))
        guard guilds.all == guilds.ofTheSample else { throw Refusal() }
        guard guilds.all == 0,
            let file = EmbeddedFile.all.first(where: { $0.name == "sample-data.sql" })
        else { return }
        log.info("creating the sample guilds")
        try connection.script(file.text.description)
    }

    private static let counted = Columns("guilds") { row throws(DatabaseFailure) in
        (
            all: try row("count(*)", as: Int.self),
            ofTheSample: try row(
                "count(*) FILTER (WHERE guild_id BETWEEN 200000000000000001 AND 200000000000000005)", as: Int.self)
        )
    }
}
