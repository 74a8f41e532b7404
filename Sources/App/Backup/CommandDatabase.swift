internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The database that a command works on: that of `DATABASE_URL`, or the service's own, which is started for as long as
/// the command takes where the service does not run.
struct CommandDatabase {
    /// There is no database of the service's own.
    struct Missing: Error, CustomStringConvertible {
        let folder: String
        var description: String {
            "the service has no database of its own in \(folder): set DATABASE_URL or DATA_DIR as the service has them"
        }
    }

    let address: String
    /// In words.
    let place: String
    private let embedded: EmbeddedPostgreSQL?
    private let lock: DataDirectoryLock?

    /// - Throws: `Missing`, unless one may be made; `EmbeddedPostgreSQL.Failure` and more. Then what was started is
    ///   stopped.
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
            // The service has it, or another command: then the database runs.
            let settings = ConnectionSettings(address: address, role: .login, name: "tracking-dashboard command")
            guard (try? BlockingConnection(settings)) != nil else { throw error }
            (embedded, lock) = (nil, nil)
            return
        }
        // Also where it runs, left behind by somebody who was killed: then it ends with this command.
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
