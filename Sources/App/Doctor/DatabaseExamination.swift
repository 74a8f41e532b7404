internal import Domain
internal import Persistence
internal import Web

/// Whether the database is there, fits this binary, keeps tenants apart and knows what time it is.
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
            "Check DATABASE_URL, and that PostgreSQL runs and lets this machine in.")
    }

    /// Functions of the schema are in PL/pgSQL, whose library a new session may not be able to load.
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
                "migrations", "\(pending.count) pending", "The service applies them at its start; or: dashboard migrate"
            )
        } catch Migrator.Failure.unfinishedRestore {
            return .bad(
                "migrations", "\(Migrator.Failure.unfinishedRestore)", "Until then the service does not start with it.")
        } catch {
            return .bad("migrations", "\(error)", "Use the version of the service that fits the database.")
        }
    }

    private func clock(_ connection: BlockingConnection) -> Finding {
        let answer = try? connection.rows("SELECT clock_timestamp()")
        guard let theirs: Timestamp = try? answer?.only("clock_timestamp", of: "the session") else {
            return .bad("clock", "the database does not say what time it is", "Look into PostgreSQL's log.")
        }
        let seconds = abs(Timestamp.now.seconds(since: theirs))
        if seconds <= 5 { return .good("clock", "the same as the database's") }
        // Access tokens of another process are taken when they are at most 30 seconds ahead.
        return Finding(
            subject: "clock", health: seconds > 30 ? .bad : .warning,
            text: "\(seconds) seconds away from the database's",
            advice: "Let both machines keep their time with NTP: tokens and heartbeats go by it.")
    }

    private func walls(_ address: String, _ connection: BlockingConnection) -> [Finding] {
        do {
            let isMigrated: Bool = try connection.rows("SELECT to_regnamespace('dashboard') IS NOT NULL")
                .only("exists", of: "pg_namespace")
            guard isMigrated else { return [] }
            let role = try Schema.checkWalls(
                BlockingConnection(ConnectionSettings(address: address, name: "tracking-dashboard doctor")))
            let walls = Finding.good("tenants", "row-level security is forced on every table of theirs")
            guard let role else { return [walls, .good("role", "works as dashboard_app")] }
            return [
                walls,
                .warning(
                    "role", "works as the login \(role), since it may not have a role of its own",
                    "Where the login may create roles, the service has no more rights than it needs."),
            ]
        } catch {
            return [.bad("tenants", "\(error)", "The service does not start like this.")]
        }
    }
}

extension DatabaseFailure {
    /// Holds no password: libpq keeps it out of its messages.
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
