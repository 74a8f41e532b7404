internal import Formats

/// The address of the database, and the role of a connection.
package struct ConnectionSettings: Sendable {
    /// The role that the session switches to if it exists; otherwise the login's role stays.
    package enum Role: String, Sendable {
        /// Subject to row-level security, without rights to change the schema.
        case application = "dashboard_app"
        case owner = "dashboard_owner"
        /// The role of the login.
        case login = ""
    }

    /// A `postgresql://` address or libpq's `key=value` text.
    ///
    /// It contains a password: never print it.
    package var address: String
    package var role: Role
    package var name: String
    /// Timeout of one statement, in milliseconds; 0 for none.
    package var statementTimeout = 10_000

    package init(address: String, role: Role = .application, name: String) {
        self.address = address
        self.role = role
        self.name = name
    }

    /// Keep-alives detect a dead peer within half a minute.
    var parameters: [(key: String, value: String)] {
        [
            ("dbname", address), ("application_name", name), ("client_encoding", "UTF8"), ("connect_timeout", "5"),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
        ]
    }

    /// Sent once after connecting, as one round trip.
    ///
    /// Statements read few rows by an index, so planning for big scans on spinning disks would only cost time.
    var setUp: String {
        var text = """
            SET search_path = dashboard, pg_temp; SET timezone = 'UTC'; SET jit = off; SET lock_timeout = 3000;
            SET random_page_cost = 1.1; SET max_parallel_workers_per_gather = 0;
            SET statement_timeout = \(statementTimeout); SET idle_in_transaction_session_timeout = 30000;
            """
        if statementTimeout == 0 {
            // Ends a statement without a timeout soon after its client was killed. PostgreSQL 13 does not have this
            // setting.
            text += """
                 SELECT set_config(name, '1000', false) FROM pg_settings
                  WHERE name = 'client_connection_check_interval';
                """
        }
        if role != .login {
            text += """
                 SELECT set_config('role', rolname, false) FROM pg_roles
                  WHERE rolname = '\(role.rawValue)' AND pg_has_role(session_user, oid, 'MEMBER');
                """
        }
        return text
    }
}
