internal import Glibc

/// Brings a database to the schema that this binary was built with.
package struct Migrator {
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The database was made by a newer version.
        case newerDatabase(number: Int, name: String)
        /// A file that was applied reads differently now.
        case changed(number: Int, name: String)
        case failed(number: Int, name: String, reason: String)
        case unfinishedRestore
        /// Another session does not let go of the list of migrations; `holders` says which.
        case locked(holders: String)

        package var description: String {
            switch self {
            case .newerDatabase(let number, let name):
                "the database has migration \(number) (\(name)), which this version does not know: use a newer version"
            case .changed(let number, let name):
                "migration \(number) (\(name)) was applied with another text than this version has"
            case .failed(let number, let name, let reason): "migration \(number) (\(name)) failed: \(reason)"
            case .unfinishedRestore:
                """
                a restore into this database is under way, or was cut off: wait for it, or run `dashboard restore` again, \
                which begins by emptying it
                """
            case .locked(let holders):
                """
                the migrations wait for a lock on dashboard.schema_migrations that another session holds (\(holders)): \
                end that session, or try again when it is done
                """
            }
        }
    }

    /// How often a migration that waits for a lock is tried.
    private static let attempts = 8

    private let connection: BlockingConnection
    private let migrations: [Migration]
    private let ledger: MigrationLock

    package init(_ connection: BlockingConnection, migrations: [Migration] = Migration.all) {
        self.connection = connection
        self.migrations = migrations
        ledger = MigrationLock(connection)
    }

    /// What would be applied now.
    ///
    /// - Throws: `Failure` when the database does not fit this binary, `DatabaseFailure`.
    package func pending() throws -> [Migration] {
        guard try !RestoreTarget.isMarked(connection) else { throw Failure.unfinishedRestore }
        let applied = try appliedChecksums()
        if let newest = applied.keys.max(), newest > migrations.last?.number ?? 0 {
            throw Failure.newerDatabase(number: newest, name: applied[newest]?.name ?? "")
        }
        let checksums = try currentChecksums()
        for (migration, checksum) in zip(migrations, checksums) {
            guard let known = applied[migration.number], known.checksum != checksum else { continue }
            throw Failure.changed(number: migration.number, name: migration.name)
        }
        return migrations.filter { applied[$0.number] == nil }
    }

    /// Applies what is pending, one transaction each; a second process waits for each and then finds it done.
    ///
    /// Calls `onWait` once if another session holds the lock for more than 2 s, with who that is.
    ///
    /// - Returns: what was applied.
    /// - Throws: `Failure`, `DatabaseFailure`.
    @discardableResult
    package func run(onWait: (String) -> Void = { _ in }) throws -> [Migration] {
        let todo = try pending()
        let applied = try todo.filter { try applyPatiently($0, onWait) }
        // What another process applied may be of a newer version.
        if applied.count < todo.count { _ = try pending() }
        return applied
    }

    /// Whoever waits for a lock makes others wait behind it, whose patience is 3 seconds: so each wait is short, and
    /// between two of them everybody else gets on.
    ///
    /// - Returns: whether it was applied here; otherwise another process did it.
    private func applyPatiently(_ migration: Migration, _ onWait: (String) -> Void) throws -> Bool {
        var attempts = 0
        var wait = MigrationLock.Wait()
        while true {
            attempts += 1
            do {
                return try apply(migration)
            } catch is MigrationLock.Held {
                attempts -= 1
                try wait.noteHeld(ledger, onWait)
            } catch let failure as DatabaseFailure {
                if try migration.number == 1 && isDoneElsewhere(migration) { return false }
                guard failure.isLockTimeout, attempts < Self.attempts else {
                    throw Failure.failed(number: migration.number, name: migration.name, reason: "\(failure)")
                }
                usleep(500_000)
            }
        }
    }

    private func apply(_ migration: Migration) throws -> Bool {
        try connection.transaction {
            try connection.script("SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = 0;")
            if migration.number > 1 {
                try Self.becomeOwner(connection)
                try ledger.take()
                if try isDoneElsewhere(migration) { return false }
            }
            try connection.script(migration.text.description)
            if migration.number == 1 { try makeLedger() }
            try record(migration)
            return true
        }
    }

    /// The first migration makes the list itself.
    ///
    /// If two processes begin with it at once, the second fails over a schema that
    /// the first has made.
    ///
    /// - Throws: `Failure.unfinishedRestore`, `DatabaseFailure`.
    private func isDoneElsewhere(_ migration: Migration) throws -> Bool {
        guard try !RestoreTarget.isMarked(connection) else { throw Failure.unfinishedRestore }
        return try appliedChecksums()[migration.number] != nil
    }

    /// The owner sees the rows of all tenants only under this setting, since row-level security is forced.
    static func becomeOwner(_ connection: BlockingConnection) throws(DatabaseFailure) {
        try connection.script(
            """
            SELECT set_config('role', rolname, true) FROM pg_roles
             WHERE rolname = 'dashboard_owner' AND pg_has_role(session_user, oid, 'MEMBER');
            SELECT set_config('app.scope', 'all', true);
            """)
    }

    private func makeLedger() throws(DatabaseFailure) {
        try Self.becomeOwner(connection)
        try connection.script(
            """
            CREATE TABLE dashboard.schema_migrations (
                number integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now()
            );
            DO $$ BEGIN
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'dashboard_app') THEN
                    GRANT SELECT ON dashboard.schema_migrations TO dashboard_app;
                END IF;
            END $$;
            """)
    }

    private func record(_ migration: Migration) throws(DatabaseFailure) {
        try connection.rows(
            """
            INSERT INTO dashboard.schema_migrations (number, name, checksum)
            VALUES (\(migration.number)::int8, \(migration.name),
                    encode(sha256(convert_to(\(migration.text.description), 'UTF8')), 'hex'))
            """)
    }

    private func appliedChecksums() throws -> [Int: (name: String, checksum: String)] {
        let ledger = try connection.rows("SELECT to_regclass('dashboard.schema_migrations') IS NOT NULL")
        guard try ledger.only("exists", of: "schema_migrations") else { return [:] }
        let rows = try connection.rows("SELECT \(Self.applied) FROM dashboard.schema_migrations")
        return Dictionary(try Self.applied.all(rows).map { ($0.number, ($0.name, $0.checksum)) }) { $1 }
    }

    private static let applied = Columns("schema_migrations") { row throws(DatabaseFailure) in
        (
            number: try row("number", as: Int.self), name: try row("name", as: String.self),
            checksum: try row("checksum", as: String.self)
        )
    }

    private func currentChecksums() throws -> [String] {
        let texts = migrations.map(\.text.description)
        return try connection.rows(
            """
            SELECT encode(sha256(convert_to(migration, 'UTF8')), 'hex')
              FROM unnest(\(texts)) WITH ORDINALITY AS list (migration, position)
             ORDER BY position
            """
        ).each("checksum", of: "migrations")
    }
}
