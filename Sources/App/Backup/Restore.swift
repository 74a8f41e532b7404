internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Web

/// Restores a backup into an empty database, completely or not at all.
struct Restore {
    struct TooNew: Error, CustomStringConvertible {
        let manifest: BackupManifest

        var description: String {
            """
            the backup is from version \(manifest.version) and has migration \(manifest.contents.migration), \
            which this version does not know: use a newer version
            """
        }
    }

    struct Different: Error, CustomStringConvertible {
        let differences: [String]
        var description: String {
            "the restored data differs from the backup:\n\(differences.joined(separator: "\n"))"
        }
    }

    /// A partial restore could not be undone.
    struct Leftover: Error, CustomStringConvertible {
        /// The reason why the restore failed.
        let reason: String
        /// The reason why the database is not empty again.
        let failure: String

        var description: String {
            """
            \(reason)
            the partial restore could not be removed (\(failure)): the service rejects this database until \
            `dashboard restore` is run again, which first removes it
            """
        }
    }

    private let path: String
    private let manifest: BackupManifest
    private let address: String
    private let interruption: Interruption
    private let connection: BlockingConnection

    /// - Throws: `TooNew`, `DatabaseFailure`.
    init(of file: BackupFile, at path: String, into address: String, _ interruption: Interruption) throws {
        guard file.manifest.contents.migration <= Migration.all.last?.number ?? 0 else {
            throw TooNew(manifest: file.manifest)
        }
        self.path = path
        manifest = file.manifest
        self.address = address
        self.interruption = interruption
        var settings = ConnectionSettings(address: address, role: .login, name: "tracking-dashboard restore")
        settings.statementTimeout = 0
        connection = try BlockingConnection(settings) { interruption.isAsked() }
    }

    /// - Throws: `RestoreTarget.Refusal`, `Different`, and errors of the programs; the database is then unchanged.
    ///   `Leftover` if it is not.
    func run() throws {
        let server: Int = try connection.rows("SELECT current_setting('server_version_num')::int / 10000")
            .only("server_version_num", of: "the session")
        let program = try ArchiveProgram(
            "pg_restore", from: max(server, manifest.postgreSQL), on: address, interruption)
        let target = try RestoreTarget(connection)
        do {
            try target.prepare(for: manifest.owner)
            try load(with: program)
            try target.finish()
            try check()
            interruption.isTooLate = true
            try target.approve()
        } catch let reason {
            interruption.isTooLate = true
            do {
                try target.empty()
            } catch {
                throw Leftover(reason: interruption.reason(reason), failure: "\(error)")
            }
            throw reason
        }
    }

    /// Skips the schemas, which exist already: a login that is not a superuser could not change their owner.
    private func load(with program: ArchiveProgram) throws {
        guard let folder = Files.makeTemporaryFolder() else { throw SystemError("making a folder in /tmp") }
        let list = folder + "/list"
        defer {
            unsafe unlink(list)
            unsafe rmdir(folder)
        }
        try program.run(["--list", path], output: list)
        guard let text = Files.read(list) else { throw ArchiveProgram.Failure(description: "\(list) is missing") }
        let entries = text.split(separator: "\n").filter { !$0.contains(" SCHEMA - ") || $0.contains(" ACL ") }
        guard Files.writePrivately(entries.joined(separator: "\n") + "\n", to: list) else {
            throw SystemError("writing \(list)")
        }
        let roles: [String] = try connection.rows(
            """
            SELECT rolname::text FROM pg_roles
             WHERE rolname = 'dashboard_owner' AND rolname = \(manifest.owner) AND rolname <> current_user
            """
        ).each("rolname", of: "pg_roles")
        try program.run(
            ["--single-transaction", "--exit-on-error", "--no-owner", "--use-list=\(list)"]
                + roles.map { "--role=\($0)" } + [path])
    }

    private func check() throws {
        var settings = ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard restore")
        settings.statementTimeout = 0
        let owner = try BlockingConnection(settings) { [interruption] in interruption.isAsked() }
        let contents = try owner.transaction { try InstallationContents.read(owner) }
        var differences = manifest.contents.differences(to: contents)
        let chains = try AuditChains(owner)
        for name in try chains.names() where try !chains.verdict(of: name).isSound {
            differences.append("the audit log of client \(name.client) is broken: see dashboard audit verify")
        }
        guard differences.isEmpty else { throw Different(differences: differences) }
    }
}
