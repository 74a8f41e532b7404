internal import Persistence
internal import Web

/// The sample guilds of demo mode.
enum SampleData {
    /// Fills an empty database; one that has guilds already is left as it is.
    static func fill(_ address: String, _ log: Log) throws {
        let connection = try BlockingConnection(
            ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard demo"))
        try connection.script("SET app.scope = 'all'; SET statement_timeout = 0")
        guard try connection.rows("SELECT 1 FROM guilds LIMIT 1").count == 0,
            let file = EmbeddedFile.all.first(where: { $0.name == "sample-data.sql" })
        else { return }
        log.info("filling in the sample guilds")
        try connection.transaction { try connection.script(file.text.description) }
    }
}
