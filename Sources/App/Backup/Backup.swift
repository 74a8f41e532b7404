internal import Domain
internal import EventLoop
internal import Glibc
internal import Persistence
internal import Web

/// Writes all that the service has in its database into one file.
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
        // While pg_dump works, this transaction only waits.
        try connection.script("SET idle_in_transaction_session_timeout = 0")
    }

    /// The file is there whole or not at all; one of that name is replaced.
    ///
    /// Of two at once the later to end stays.
    func write(to path: String) throws -> BackupManifest {
        guard Files.isFileOrNothing(path) else {
            throw ArchiveProgram.Failure(description: "\(path) is there, and is no regular file")
        }
        // Before anything is asked of the database: whoever cannot write need not wait for that.
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

    /// What is counted and what is dumped are of the same moment.
    private func dump(to path: String) throws -> BackupManifest {
        try connection.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        guard try !RestoreTarget.isMarked(connection) else { throw Migrator.Failure.unfinishedRestore }
        let ledger = try connection.rows("SELECT to_regclass('dashboard.schema_migrations') IS NOT NULL")
        guard try ledger.only("exists", of: "schema_migrations") else {
            throw ArchiveProgram.Failure(description: "there is nothing of this service's in the database")
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
