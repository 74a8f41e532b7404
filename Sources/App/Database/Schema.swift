internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// Brings the database to the schema that this binary expects.
enum Schema {
    struct Unsafe: Error, CustomStringConvertible {
        let description: String
    }

    struct Pending: Error, CustomStringConvertible {
        let changes: SchemaChanges
        var description: String { "not applied: \(changes.inWords); run dashboard migrate" }
    }

    /// Applies pending migrations (or fails, if it must not migrate), then checks the isolation of tenants.
    ///
    /// A stop request rolls back the current migration.
    static func prepare(
        _ address: String, migrates: Bool, _ log: Log, stopWhen isStopped: @escaping () -> Bool
    ) throws {
        let owner = try BlockingConnection(
            ConnectionSettings(address: address, role: .login, name: "tracking-dashboard migrations"),
            stopWhen: isStopped)
        if !migrates {
            let changes = try Migrator(owner).pending()
            if !changes.isEmpty { throw Pending(changes: changes) }
        }
        let applied = try Migrator(owner).run { holders in
            log.warning("waiting for a lock held by another session", [("holders", holders)])
        }
        for migration in applied.migrations {
            log.info("migrated", [("number", "\(migration.number)"), ("name", migration.name)])
        }
        if !applied.functions.isEmpty {
            log.info("applied functions", [("files", applied.functions.map(\.name).joined(separator: " "))])
        }
        let check = ConnectionSettings(address: address, name: "tracking-dashboard check")
        if let role = try checkWalls(BlockingConnection(check)) {
            log.warning("using the login's role, because the service has no role of its own", [("role", role)])
        }
    }

    /// - Returns: the role that the service works as, if it has no role of its own.
    /// - Throws: `Unsafe` if row-level security does not apply to the role.
    static func checkWalls(_ connection: BlockingConnection) throws -> String? {
        let found = try connection.rows("SELECT \(role) FROM pg_roles WHERE rolname = current_user")
        guard let role = try role.first(found), !role.seesAll else {
            throw Unsafe(
                description: """
                    the service would work as a role that row-level security does not hold: \
                    use a login that is not a superuser, or one that may create roles
                    """)
        }
        let open = try connection.rows(
            """
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'dashboard'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname = 'client_id'
               AND NOT a.attisdropped AND NOT (c.relrowsecurity AND c.relforcerowsecurity) AND NOT c.relispartition
             ORDER BY c.relname
            """)
        guard open.count == 0 else {
            throw Unsafe(
                description: """
                    row-level security is not forced on \(try open.each("relname", of: "pg_class").joined(separator: ", "))
                    """)
        }
        return role.isOwn ? nil : role.name
    }

    private static let role = Columns("pg_roles") { row throws(DatabaseFailure) in
        (
            name: try row("rolname", as: String.self), seesAll: try row("rolsuper OR rolbypassrls", as: Bool.self),
            isOwn: try row("rolname = 'dashboard_app'", as: Bool.self)
        )
    }
}
