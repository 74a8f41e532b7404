/// A database into which a backup is to go: empty, with the roles and schemas that the first migration makes.
///
/// Holds the migrations' lock until its connection ends, so that no service begins to work there meanwhile.
package struct RestoreTarget {
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case notEmpty
        case otherOwner(String, instead: String)

        package var description: String {
            switch self {
            case .notEmpty: "the database is not empty: a backup goes into one without schemas dashboard and bot"
            case .otherOwner(let owner, let other):
                "the backup belongs to the role \(owner), and here everything would belong to \(other)"
            }
        }
    }

    private let connection: BlockingConnection

    /// The connection is the login's.
    ///
    /// - Throws: `Refusal`, `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws {
        self.connection = connection
        try connection.rows("SELECT pg_advisory_lock(\(Migrator.lock))")
        guard try isEmpty() else { throw Refusal.notEmpty }
    }

    /// Whether there is neither of the schemas, or nothing in them.
    private func isEmpty() throws(DatabaseFailure) -> Bool {
        try connection.rows(
            """
            SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                                WHERE n.nspname IN ('dashboard', 'bot'))
               AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                                WHERE n.nspname IN ('dashboard', 'bot'))
            """)[0].boolean(0)
    }

    /// Makes roles and schemas, which are kept where the owner is the one that the backup names.
    ///
    /// - Throws: `Refusal`, `DatabaseFailure`.
    package func prepare(for owner: String) throws {
        try connection.transaction {
            try connection.script("DROP SCHEMA IF EXISTS dashboard; DROP SCHEMA IF EXISTS bot;")
            try connection.script(Migration.all[0].text.description)
            let made = try connection.rows(
                "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'dashboard'")[0].text(0)
            guard made == owner else { throw Refusal.otherOwner(owner, instead: made) }
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

    /// Takes away what a restore that failed has left.
    ///
    /// - Throws: `DatabaseFailure`.
    package func empty() throws {
        try connection.transaction {
            try Migrator.becomeOwner(connection)
            try connection.script(
                "SET LOCAL statement_timeout = 0; DROP SCHEMA bot CASCADE; DROP SCHEMA dashboard CASCADE;")
        }
    }
}
