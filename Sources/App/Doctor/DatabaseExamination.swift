internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// Checks that the database is reachable, matches this binary, isolates tenants and has the right time.
struct DatabaseExamination {
    let configuration: Configuration

    func findings() -> [Finding] {
        let address = configuration.databaseAddress ?? EmbeddedPostgreSQL.address(in: configuration.dataDirectory)
        let connection: BlockingConnection
        do {
            connection = try BlockingConnection(
                ConnectionSettings(address: address, role: .login, name: "tracking-dashboard doctor"))
        } catch {
            return [unreachable(error)]
        }
        let reached = Finding.good(
            "database", configuration.databaseAddress == nil ? "the service's own, running" : "reachable")
        return [reached] + blocks(connection) + [migrations(connection), clock(connection)] + walls(address, connection)
    }

    private func unreachable(_ failure: DatabaseFailure) -> Finding {
        guard configuration.databaseAddress != nil else {
            return .warning("database", "the service's own, which runs only while the service does")
        }
        return .bad(
            "database", "cannot be reached: \(failure.reason)",
            "Check DATABASE_URL, and that PostgreSQL runs and accepts connections from this machine.")
    }

    /// The schema's functions use PL/pgSQL, whose library a new session may fail to load.
    private func blocks(_ connection: BlockingConnection) -> [Finding] {
        do {
            try connection.script("DO $$ BEGIN END $$")
            return []
        } catch {
            return [
                .bad(
                    "new connections", "cannot run PL/pgSQL: \(error.reason)",
                    "PostgreSQL was probably updated while it ran: restart it.")
            ]
        }
    }

    private func migrations(_ connection: BlockingConnection) -> Finding {
        do {
            let pending = try Migrator(connection).pending()
            if pending.isEmpty { return .good("migrations", "the schema is up to date") }
            return .warning(
                "migrations", "\(pending.inWords) pending",
                "The service applies them at its start; or: dashboard migrate"
            )
        } catch Migrator.Failure.unfinishedRestore {
            return .bad(
                "migrations", "\(Migrator.Failure.unfinishedRestore)", "Until then the service does not start with it.")
        } catch {
            return .bad("migrations", "\(error)", "Use the version of the service that matches the database.")
        }
    }

    private func clock(_ connection: BlockingConnection) -> Finding {
        let answer = try? connection.rows("SELECT clock_timestamp()")
        guard let theirs: Timestamp = try? answer?.only("clock_timestamp", of: "the session") else {
            return .bad("clock", "cannot read the database's clock", "Check PostgreSQL's log.")
        }
        let seconds = abs(Timestamp.now.seconds(since: theirs))
        if seconds <= 5 { return .good("clock", "the same as the database's") }
        // Access tokens from another process are accepted up to 30 seconds ahead.
        return Finding(
            subject: "clock", health: seconds > 30 ? .bad : .warning,
            text: "\(seconds) seconds away from the database's",
            advice: "Synchronise both machines with NTP: tokens and heartbeats depend on it.")
    }

    private func walls(_ address: String, _ connection: BlockingConnection) -> [Finding] {
        do {
            let isMigrated: Bool = try connection.rows("SELECT to_regnamespace('dashboard') IS NOT NULL")
                .only("exists", of: "pg_namespace")
            guard isMigrated else { return [] }
            let role = try Schema.checkWalls(
                BlockingConnection(ConnectionSettings(address: address, name: "tracking-dashboard doctor")))
            let walls = Finding.good("tenants", "row-level security is forced on every tenant table")
            guard let role else { return [walls, .good("role", "works as dashboard_app")] }
            return [
                walls,
                .warning(
                    "role", "works as the login \(role), because it cannot create its own role",
                    "If the login may create roles, the service runs with the least rights."),
            ]
        } catch {
            return [.bad("tenants", "\(error)", "The service does not start like this.")]
        }
    }
}

extension DatabaseFailure {
    /// Contains no password: libpq omits it from its messages.
    fileprivate var reason: String {
        let text =
            switch self {
            case .unavailable(let reason): reason
            case .refused(let error), .busy(let error): error.message
            case .misread: description
            }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
