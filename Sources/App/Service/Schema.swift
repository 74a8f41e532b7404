internal import Persistence
internal import Web

/// Sees to it that the database is as this binary expects it.
enum Schema {
    struct Unsafe: Error, CustomStringConvertible {
        let description: String
    }

    /// Applies what is pending, then checks that the wall between tenants stands.
    static func prepare(_ address: String, _ log: Log) throws {
        let owner = try BlockingConnection(
            ConnectionSettings(address: address, role: .login, name: "tracking-dashboard migrations"))
        for migration in try Migrator(owner).run() {
            log.info("migrated", [("number", "\(migration.number)"), ("name", migration.name)])
        }
        try checkWalls(BlockingConnection(ConnectionSettings(address: address, name: "tracking-dashboard check")), log)
    }

    private static func checkWalls(_ connection: BlockingConnection, _ log: Log) throws {
        let role = try connection.rows(
            "SELECT rolname, rolsuper OR rolbypassrls, rolname = 'dashboard_app' FROM pg_roles WHERE rolname = current_user"
        )
        guard let role = role.first, !role.boolean(1) else {
            throw Unsafe(
                description: """
                    the service would work as a role that row-level security does not hold: \
                    use a login that is not a superuser, or one that may create roles
                    """)
        }
        if !role.boolean(2) {
            log.warning("no role of the service's own: it works as the login's", [("role", role.text(0))])
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
                description: "row-level security is not forced on \(open.map { $0.text(0) }.joined(separator: ", "))")
        }
    }
}
