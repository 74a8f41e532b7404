internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard backup`: writes the whole database into a file.
enum BackupCommand {
    static let usage = """
        usage: dashboard backup FILE [--json]

        Writes all that the service has in its database to FILE, which only its owner may read. A file of that name is
        replaced when the new one is complete. The service may run meanwhile. Needs pg_dump of PostgreSQL's version. The
        file is one that pg_restore reads, with numbers behind it that `dashboard restore` checks. Stopped by SIGINT,
        SIGTERM or SIGHUP, it leaves nothing, and the exit code is 128 and the signal's number.

        The secrets of DATA_DIR, or those of the environment, are not in it: keep them as well, and elsewhere.
        """

    /// - Returns: 0, 1 if it fails, 64 for a wrong command, 78 for an invalid configuration, 128 and more for a signal.
    static func run(_ arguments: [String]) -> Int32 {
        guard let order = FileOrder(arguments) else { return Command.misunderstood(usage) }
        return Command.attempt { configuration in
            try Command.undoing { interruption in
                let database = try CommandDatabase(configuration, mayBeMade: false, interruption)
                defer { database.close() }
                let manifest = try Backup(of: database.address, interruption).write(to: order.path)
                print(order.isJSON ? manifest.text : "backed up \(manifest.summary), of \(database.place)")
                return ExitCode.done
            }
        }
    }
}

/// `dashboard restore`: restores such a file.
enum RestoreCommand {
    static let usage = """
        usage: dashboard restore FILE [--json]

        Brings a backup into an empty database: that of DATABASE_URL, or the service's own on a machine where it has not
        run yet. Then compares the number of rows of each table and verifies the audit log. When anything is not as it
        was, or SIGINT, SIGTERM or SIGHUP stops it, nothing is left in the database. If it was killed, the service
        refuses the database until restore is run again, which first empties it. Needs pg_restore of PostgreSQL's
        version. The next `dashboard serve` or `dashboard migrate` brings an older schema up to date.

        The exit code is 65 when FILE is cut, damaged or of another program, 66 when it cannot be read, and 128 and the
        signal's number when a signal stops it.
        """

    /// - Returns: 0, 1 if it fails, 64 to 66 and 128 and more as in the usage, 78 for an invalid configuration.
    static func run(_ arguments: [String]) -> Int32 {
        guard let order = FileOrder(arguments) else { return Command.misunderstood(usage) }
        return Command.attempt { configuration in
            let file: BackupFile
            do throws(BackupFile.Unfit) {
                file = try BackupFile(reading: order.path)
            } catch {
                Terminal.complain("\(order.path): \(error)")
                if case .unreadable = error { return ExitCode.notThere }
                return ExitCode.wrongFile
            }
            return try Command.undoing { interruption in
                let database = try CommandDatabase(configuration, mayBeMade: true, interruption)
                defer { database.close() }
                try Restore(of: file, at: order.path, into: database.address, interruption).run()
                print(order.isJSON ? file.manifest.text : "restored \(file.manifest.summary), into \(database.place)")
                return ExitCode.done
            }
        }
    }
}

private struct FileOrder {
    let path: String
    let isJSON: Bool

    init?(_ arguments: [String]) {
        let paths = arguments.filter { $0 != "--json" }
        guard paths.count == 1, let path = paths.first, !path.isEmpty, !path.hasPrefix("-"),
            arguments.count - paths.count <= 1
        else { return nil }
        self.path = Files.absolute(path)
        isJSON = paths.count < arguments.count
    }
}

extension BackupManifest {
    fileprivate var text: String { String(decoding: json, as: UTF8.self) }

    fileprivate var summary: String {
        let rows = contents.tables.map(\.rows).saturatingSum
        return "\(rows) rows of \(contents.tables.count) tables, with \(contents.heads.count) chains of the audit log"
    }
}
