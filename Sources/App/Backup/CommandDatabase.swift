internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The database of a command: that of `DATABASE_URL`, or the service's own.
///
/// If the service does not run, its database is started for the duration of the command.
struct CommandDatabase {
    /// The service has no database of its own.
    struct Missing: Error, CustomStringConvertible {
        let folder: String
        var description: String {
            "the service has no database of its own in \(folder): set DATABASE_URL or DATA_DIR as the service has them"
        }
    }

    let address: String
    /// A description for messages.
    let place: String
    private let embedded: EmbeddedPostgreSQL?
    private let lock: DataDirectoryLock?

    /// - Throws: `Missing`, unless a new database may be made; `EmbeddedPostgreSQL.Failure` and others. A server that
    ///   was started is then stopped.
    init(_ configuration: Configuration, mayBeMade: Bool, _ interruption: Interruption) throws {
        if let address = configuration.databaseAddress {
            (self.address, embedded, lock) = (address, nil, nil)
            place = "the database of DATABASE_URL"
            return
        }
        address = EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
        place = "the service’s own database in \(configuration.dataDirectory)"
        if !mayBeMade, !EmbeddedPostgreSQL.exists(in: configuration.dataDirectory) {
            throw Missing(folder: configuration.dataDirectory)
        }
        do {
            lock = try DataDirectoryLock.take(configuration.dataDirectory)
        } catch let error as Secrets.Failure {
            // The service or another command holds the lock, so the database should be running.
            let settings = ConnectionSettings(address: address, role: .login, name: "tracking-dashboard command")
            guard (try? BlockingConnection(settings)) != nil else { throw error }
            (embedded, lock) = (nil, nil)
            return
        }
        // If a killed process left the server running, it is used, and stopped with this command.
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
