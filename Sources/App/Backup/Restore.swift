internal import EventLoop
internal import Glibc
internal import Persistence
internal import Web

/// Brings what is in a backup into an empty database, all of it or nothing.
struct Restore {
    struct TooNew: Error, CustomStringConvertible {
        let manifest: BackupManifest

        var description: String {
            """
            the backup is of version \(manifest.version) and has migration \(manifest.contents.migration), \
            which this version does not know: use a newer version
            """
        }
    }

    struct Different: Error, CustomStringConvertible {
        let differences: [String]
        var description: String {
            "what was restored is not what was backed up:\n\(differences.joined(separator: "\n"))"
        }
    }

    /// What was restored in part could not be taken away again.
    struct Leftover: Error, CustomStringConvertible {
        /// Why the restore failed.
        let reason: String
        /// Why the database is not empty again.
        let failure: String

        var description: String {
            """
            \(reason)
            what is restored by now could not be taken away (\(failure)): the service refuses this database until \
            `dashboard restore` is run again, which begins by that
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

    /// - Throws: `RestoreTarget.Refusal`, `Different`, and what the programs fail with; the database is then as it was.
    ///   `Leftover` where it is not.
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

    /// The schemas are there already: a login that is no superuser could not give them away.
    private func load(with program: ArchiveProgram) throws {
        guard let folder = Files.makeTemporaryFolder() else { throw SystemError("making a folder in /tmp") }
        let list = folder + "/list"
        defer {
            unsafe unlink(list)
            unsafe rmdir(folder)
        }
        try program.run(["--list", path], output: list)
        guard let text = Files.read(list) else { throw ArchiveProgram.Failure(description: "\(list) is not there") }
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
