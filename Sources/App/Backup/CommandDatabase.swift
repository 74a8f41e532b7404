internal import Persistence
internal import Web

/// The database that a command works on: that of `DATABASE_URL`, or the service's own, which is started for as long as
/// the command takes where the service does not run.
struct CommandDatabase {
    let address: String
    private let embedded: EmbeddedPostgreSQL?
    private let lock: DataDirectoryLock?

    /// - Throws: `EmbeddedPostgreSQL.Failure` and more; then what was started is stopped.
    init(_ configuration: Configuration, _ interruption: Interruption) throws {
        if let address = configuration.databaseAddress {
            (self.address, embedded, lock) = (address, nil, nil)
            return
        }
        address = EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
        let settings = ConnectionSettings(address: address, role: .login, name: "tracking-dashboard command")
        if (try? BlockingConnection(settings)) != nil {
            (embedded, lock) = (nil, nil)
            return
        }
        lock = try DataDirectoryLock.take(configuration.dataDirectory)
        let own = try EmbeddedPostgreSQL(
            dataDirectory: configuration.dataDirectory, connections: configuration.connections,
            log: Log(level: .error, format: .text), interruption)
        do {
            try own.start()
        } catch {
            own.stop()
            throw error
        }
        embedded = own
    }

    func close() { embedded?.stop() }
}
