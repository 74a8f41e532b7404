internal import Persistence
internal import Web

/// Sees to it that the database is as this binary expects it.
enum Schema {
    struct Unsafe: Error, CustomStringConvertible {
        let description: String
    }

    struct Pending: Error, CustomStringConvertible {
        let count: Int
        var description: String { "\(count) migrations are not applied: run dashboard migrate" }
    }

    /// Applies what is pending, or refuses to go on with it, then checks that the wall between tenants stands.
    ///
    /// Given up when it is told to stop: what it was about to apply is then undone.
    static func prepare(
        _ address: String, migrates: Bool, _ log: Log, stopWhen isStopped: @escaping () -> Bool
    ) throws {
        let owner = try BlockingConnection(
            ConnectionSettings(address: address, role: .login, name: "tracking-dashboard migrations"),
            stopWhen: isStopped)
        if !migrates {
            let count = try Migrator(owner).pending().count
            if count > 0 { throw Pending(count: count) }
        }
        let applied = try Migrator(owner).run { holders in
            log.warning("the migrations wait for a lock that another session holds", [("holders", holders)])
        }
        for migration in applied {
            log.info("migrated", [("number", "\(migration.number)"), ("name", migration.name)])
        }
        let check = ConnectionSettings(address: address, name: "tracking-dashboard check")
        if let role = try checkWalls(BlockingConnection(check)) {
            log.warning("no role of the service's own: it works as the login's", [("role", role)])
        }
    }

    /// - Returns: the role that the service works as, where it has none of its own.
    /// - Throws: `Unsafe` when row-level security would not hold it.
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
