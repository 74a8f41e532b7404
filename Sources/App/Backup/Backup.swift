internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Web

/// Writes the whole database of the service into one file.
struct Backup {
    private let address: String
    private let connection: BlockingConnection
    private let interruption: Interruption

    /// - Throws: `DatabaseFailure`.
    init(of address: String, _ interruption: Interruption) throws(DatabaseFailure) {
        self.address = address
        self.interruption = interruption
        var settings = ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard backup")
        settings.statementTimeout = 0
        connection = try BlockingConnection(settings) { interruption.isAsked() }
        // While pg_dump runs, this transaction is idle.
        try connection.script("SET idle_in_transaction_session_timeout = 0")
    }

    /// Writes the file atomically, and replaces an existing one.
    ///
    /// If two run at once, the later one wins.
    func write(to path: String) throws -> BackupManifest {
        guard Files.isFileOrNothing(path) else {
            throw ArchiveProgram.Failure(description: "\(path) exists and is not a regular file")
        }
        // Before any query, so that a path that cannot be written fails at once.
        let file = try PartFile(of: path)
        let part = file.path
        do {
            let manifest = try connection.transaction { try dump(to: part) }
            try BackupFile.append(manifest, to: part)
            _ = try BackupFile(reading: part) { interruption.isAsked() }
            guard unsafe rename(part, path) == 0 else { throw SystemError("renaming \(part)") }
            _ = consume file
            return manifest
        } catch {
            unsafe unlink(part)
            throw error
        }
    }

    /// The counts and the dump use the same snapshot.
    private func dump(to path: String) throws -> BackupManifest {
        try connection.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        guard try !RestoreTarget.isMarked(connection) else { throw Migrator.Failure.unfinishedRestore }
        let ledger = try connection.rows("SELECT to_regclass('dashboard.schema_migrations') IS NOT NULL")
        guard try ledger.only("exists", of: "schema_migrations") else {
            throw ArchiveProgram.Failure(description: "the database has no data of this service")
        }
        let facts = try Self.facts.row(0, of: try connection.rows("SELECT \(Self.facts)"))
        let contents = try InstallationContents.read(connection)
        let program = try ArchiveProgram("pg_dump", from: facts.server, on: address, interruption)
        try program.run(
            [
                "--format=custom", "--schema=dashboard", "--schema=bot", "--enable-row-security",
                "--snapshot=\(facts.snapshot)", "--lock-wait-timeout=10000", "--file=\(path)",
            ] + (facts.hasRole ? ["--role=\(facts.role)"] : []))
        return BackupManifest(
            version: Version.current, createdAt: .now, postgreSQL: facts.server, owner: facts.owner,
            digest: try BackupFile.digest(of: path) { interruption.isAsked() }, contents: contents)
    }

    private static let facts = Columns("the session") { row throws(DatabaseFailure) in
        (
            snapshot: try row("pg_export_snapshot()", as: String.self),
            server: try row("current_setting('server_version_num')::int / 10000", as: Int.self),
            role: try row("current_user::text", as: String.self),
            hasRole: try row("current_user <> session_user", as: Bool.self),
            owner: try row(
                "(SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'dashboard')", as: String.self)
        )
    }
}
