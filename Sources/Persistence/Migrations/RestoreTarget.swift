internal import Formats

/// The target database of a restore: empty, with the roles and schemas of the first migration.
///
/// Holds a lock until its connection ends, so that no other restore begins meanwhile. The mark keeps a service from
/// starting on it.
package struct RestoreTarget {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notEmpty
        /// With the holder of the lock.
        case busy(String)
        case otherOwner(String, instead: String)

        package var description: String {
            switch self {
            case .notEmpty: "the database is not empty: restore into one without the schemas dashboard and bot"
            case .busy(let holders):
                "another restore is running on the database (\(holders)): wait for it, or end that session"
            case .otherOwner(let owner, let other):
                "the backup belongs to the role \(owner), and here everything would belong to \(other)"
            }
        }
    }

    /// The application name of the program that loads the data.
    package static let loaderName = "tracking-dashboard archive"

    /// A schema that exists from before the first row until all checks have passed, so that a killed restore is not
    /// mistaken for a complete installation.
    private static let mark = "dashboard_restore"

    /// An arbitrary number.
    ///
    /// It is unique to this program, so that no other program waits for it.
    private static let lock: Int64 = 7_402_116_509

    private let connection: BlockingConnection

    /// `connection` is the login's.
    ///
    /// Removes the rest of an earlier restore.
    ///
    /// - Throws: `Refusal`, `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws {
        self.connection = connection
        do throws(DatabaseFailure) {
            try connection.rows("SELECT pg_advisory_lock(\(Self.lock))")
        } catch {
            throw error.isLockTimeout ? Refusal.busy(try LockHolders.ofAdvisoryLock(Self.lock, connection)) : error
        }
        try empty()
        guard try isEmpty() else { throw Refusal.notEmpty }
    }

    /// True if a restore into the database is in progress, or was interrupted.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func isMarked(_ connection: BlockingConnection) throws(DatabaseFailure) -> Bool {
        try connection.rows("SELECT to_regnamespace(\(mark)) IS NOT NULL").only("is marked", of: "pg_namespace")
    }

    /// True if the schemas do not exist or are empty.
    private func isEmpty() throws(DatabaseFailure) -> Bool {
        try connection.rows(
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE n.nspname IN ('dashboard', 'bot'))
               AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                                WHERE n.nspname IN ('dashboard', 'bot'))
            """
        ).only("is empty", of: "pg_class")
    }

    /// Creates roles, schemas and the mark.
    ///
    /// The roles and schemas must have the owner that the backup names.
    ///
    /// - Throws: `Refusal`, `DatabaseFailure`.
    package func prepare(for owner: String) throws {
        try connection.transaction {
            try connection.script("DROP SCHEMA IF EXISTS dashboard; DROP SCHEMA IF EXISTS bot;")
            try connection.script(Migration.all[0].text.description)
            let made: String = try connection.rows(
                "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'dashboard'"
            ).only("nspowner", of: "pg_namespace")
            guard made == owner else { throw Refusal.otherOwner(owner, instead: made) }
            try connection.script(
                """
                CREATE SCHEMA \(Self.mark);
                COMMENT ON SCHEMA \(Self.mark) IS 'What is in this database was not restored to the end.';
                """)
        }
    }

    /// Restores settings of the database, which no backup of schemas contains: new functions are not executable for
    /// everyone.
    ///
    /// - Throws: `DatabaseFailure`.
    package func finish() throws {
        try connection.transaction {
            try Migrator.becomeOwner(connection)
            try connection.script("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        }
    }

    /// Marks the installation as complete.
    ///
    /// - Throws: `DatabaseFailure`.
    package func approve() throws(DatabaseFailure) { try connection.script("DROP SCHEMA \(Self.mark)") }

    /// Removes the rest of a failed restore, and the mark; does nothing without a mark.
    ///
    /// - Throws: `DatabaseFailure`.
    package func empty() throws {
        guard try Self.isMarked(connection) else { return }
        // The programs of a killed restore may still be loading.
        try connection.rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = \(Self.loaderName)
            """)
        try connection.transaction {
            // Terminated sessions release their locks after a moment.
            try connection.script(
                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'; DROP SCHEMA \(Self.mark);")
            try Migrator.becomeOwner(connection)
            try connection.script("DROP SCHEMA IF EXISTS bot CASCADE; DROP SCHEMA IF EXISTS dashboard CASCADE;")
        }
    }
}
