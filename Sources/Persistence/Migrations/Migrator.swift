internal import Domain
internal import Formats
internal import Glibc

/// Migrates a database to the schema of this binary.
package struct Migrator {
    /// How often a migration that waits for a lock is tried.
    private static let attempts = 8

    private let connection: BlockingConnection
    private let migrations: [Migration]
    private let functions: FunctionMigrator
    private let ledger: MigrationLock

    /// `version` is the program's: functions that a later one applied stay.
    package init(
        _ connection: BlockingConnection, migrations: [Migration] = Migration.all,
        functions: [FunctionFile] = FunctionFile.all, version: String = Version.current
    ) {
        self.connection = connection
        self.migrations = migrations
        self.functions = FunctionMigrator(connection: connection, files: functions, version: version)
        ledger = MigrationLock(connection)
    }

    /// The pending migrations.
    ///
    /// - Throws: `Failure` if the database does not match this binary, `DatabaseFailure`.
    package func pending() throws -> SchemaChanges {
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
        return SchemaChanges(
            migrations: migrations.filter { applied[$0.number] == nil }, functions: try functions.pending())
    }

    /// Applies the pending migrations, one transaction each.
    ///
    /// A concurrent process waits for each and then finds it done.
    ///
    /// Calls `onWait` once with the holder if another session holds the lock for more than 2 s.
    ///
    /// - Returns: the applied migrations.
    /// - Throws: `Failure`, `DatabaseFailure`.
    @discardableResult
    package func run(onWait: (String) -> Void = { _ in }) throws -> SchemaChanges {
        let todo = try pending()
        var applied = SchemaChanges()
        for step in MigrationStep.all(of: todo) { applied.add(try applyPatiently(step, onWait)) }
        // The other process may be of a newer version.
        if applied.count < todo.count { _ = try pending() }
        return applied
    }

    /// Other sessions queue behind a waiting lock request, and time out after 3 seconds.
    ///
    /// So each wait is short, and other sessions proceed between two of them.
    ///
    /// - Returns: true if it was applied here; false if another process did.
    private func applyPatiently(_ step: MigrationStep, _ onWait: (String) -> Void) throws -> SchemaChanges {
        var attempts = 0
        var wait = MigrationLock.Wait()
        while true {
            attempts += 1
            do {
                return try apply(step)
            } catch is MigrationLock.Held {
                attempts -= 1
                try wait.noteHeld(ledger, onWait)
            } catch let failure as DatabaseFailure {
                if let first = step.migration, first.number == 1, try isDoneElsewhere(first) { return SchemaChanges() }
                guard failure.isLockTimeout, attempts < Self.attempts else { throw step.failure(failure) }
                usleep(500_000)
            }
        }
    }

    private func apply(_ step: MigrationStep) throws -> SchemaChanges {
        try connection.transaction {
            try connection.script("SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = 0;")
            var done = SchemaChanges()
            if let migration = step.migration, try apply(migration) { done.migrations = [migration] }
            if step.includesFunctions { done.functions = try applyFunctions() }
            return done
        }
    }

    /// - Returns: whether it was applied here; otherwise another process did it.
    private func apply(_ migration: Migration) throws -> Bool {
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

    private func applyFunctions() throws -> [FunctionFile] {
        try Self.becomeOwner(connection)
        try ledger.take()
        // A newer process may have been here meanwhile; this one refuses its database.
        _ = try pending()
        return try functions.apply()
    }

    /// The first migration makes the list itself.
    ///
    /// If two processes begin with it at once, the second fails because the schema exists.
    ///
    /// - Throws: `Failure.unfinishedRestore`, `DatabaseFailure`.
    private func isDoneElsewhere(_ migration: Migration) throws -> Bool {
        guard try !RestoreTarget.isMarked(connection) else { throw Failure.unfinishedRestore }
        return try appliedChecksums()[migration.number] != nil
    }

    /// Row-level security is forced, so the owner sees the rows of all tenants only with this setting.
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
