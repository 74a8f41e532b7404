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
        guard try connection.rows("SELECT to_regclass('dashboard.schema_migrations') IS NOT NULL")[0].boolean(0) else {
            throw ArchiveProgram.Failure(description: "the database has no data of this service")
        }
        let facts = try connection.rows(
            """
            SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000,
                   current_user::text, current_user <> session_user,
                   (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'dashboard')
            """)[0]
        let contents = try InstallationContents.read(connection)
        let program = try ArchiveProgram("pg_dump", from: facts.int(1), on: address, interruption)
        try program.run(
            [
                "--format=custom", "--schema=dashboard", "--schema=bot", "--enable-row-security",
                "--snapshot=\(facts.text(0))", "--lock-wait-timeout=10000", "--file=\(path)",
            ] + (facts.boolean(3) ? ["--role=\(facts.text(2))"] : []))
        return BackupManifest(
            version: Version.current, createdAt: .now, postgreSQL: facts.int(1), owner: facts.text(4),
            digest: try BackupFile.digest(of: path) { interruption.isAsked() }, contents: contents)
    }
}
