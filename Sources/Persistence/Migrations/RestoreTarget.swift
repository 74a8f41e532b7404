/// A database into which a backup is to go: empty, with the roles and schemas that the first migration makes.
///
/// Holds a lock until its connection ends, so that no other restore begins there meanwhile. A service does not begin to
/// work there, because of the mark.
package struct RestoreTarget {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notEmpty
        /// With who holds the lock.
        case busy(String)
        case otherOwner(String, instead: String)

        package var description: String {
            switch self {
            case .notEmpty: "the database is not empty: a backup goes into one without schemas dashboard and bot"
            case .busy(let holders):
                "another restore is at work on the database (\(holders)): wait for it, or end that session"
            case .otherOwner(let owner, let other):
                "the backup belongs to the role \(owner), and here everything would belong to \(other)"
            }
        }
    }

    /// What the program that loads the data calls itself.
    package static let loaderName = "tracking-dashboard archive"

    /// A schema that is there from before the first row until everything was checked: what a restore that was killed has
    /// left is not to be taken for a whole installation.
    private static let mark = "dashboard_restore"

    /// Any number would do; this one is this program's own, so that no other program waits for it.
    private static let lock: Int64 = 7_402_116_509

    private let connection: BlockingConnection

    /// The connection is the login's.
    ///
    /// What an earlier restore has left is taken away.
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

    /// Whether a restore into the database is under way, or was cut off.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func isMarked(_ connection: BlockingConnection) throws(DatabaseFailure) -> Bool {
        try connection.rows("SELECT to_regnamespace(\(mark)) IS NOT NULL").only("is marked", of: "pg_namespace")
    }

    /// Whether there is neither of the schemas, or nothing in them.
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

    /// Makes roles and schemas, which are kept where the owner is the one that the backup names, and the mark.
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

    /// What belongs to the database and so is in no backup of schemas: new functions are not everybody's.
    ///
    /// - Throws: `DatabaseFailure`.
    package func finish() throws {
        try connection.transaction {
            try Migrator.becomeOwner(connection)
            try connection.script("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        }
    }

    /// From here on it is a whole installation.
    ///
    /// - Throws: `DatabaseFailure`.
    package func approve() throws(DatabaseFailure) { try connection.script("DROP SCHEMA \(Self.mark)") }

    /// Takes away what a restore that failed has left, and the mark with it; nothing where there is none.
    ///
    /// - Throws: `DatabaseFailure`.
    package func empty() throws {
        guard try Self.isMarked(connection) else { return }
        // Of a restore that was killed: it may still be loading.
        try connection.rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = \(Self.loaderName)
            """)
        try connection.transaction {
            // Those that were ended let go of their locks in a moment.
            try connection.script(
                "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'; DROP SCHEMA \(Self.mark);")
            try Migrator.becomeOwner(connection)
            try connection.script("DROP SCHEMA IF EXISTS bot CASCADE; DROP SCHEMA IF EXISTS dashboard CASCADE;")
        }
    }
}
