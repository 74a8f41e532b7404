internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence

/// Runs `pg_dump` and `pg_restore` on a database.
struct ArchiveProgram {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let path: String
    private let address: ConnectionAddress
    private let interruption: Interruption

    /// Finds the program of that version or a newer one.
    ///
    /// - Throws: `Failure`, `PostgreSQLPrograms.Missing`.
    init(_ name: String, from version: Int, on address: String, _ interruption: Interruption) throws {
        guard let address = ConnectionAddress(address) else {
            throw Failure(description: "the database address is invalid")
        }
        self.address = address
        self.interruption = interruption
        path = try PostgreSQLPrograms.find(name, from: version)
    }

    /// Runs the program on the database; its errors go to standard error.
    ///
    /// The address is passed in the environment, because every user of the machine can read arguments.
    ///
    /// - Throws: `Failure` if it fails, `SystemError` if it cannot be started.
    func run(_ arguments: [String]) throws {
        try start(["--dbname=\(address.rest)", "--no-password"] + arguments, output: nil)
    }

    /// Runs the program on a file only.
    ///
    /// - Throws: the same.
    func run(_ arguments: [String], output: String) throws { try start(arguments, output: output) }

    private func start(_ arguments: [String], output: String?) throws {
        var environment = Machine.environment.filter { $0.key.hasPrefix("PG") || $0.key == "HOME" }
        environment.merge(address.environment) { _, new in new }
        environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        environment["LC_ALL"] = "C.UTF-8"
        // Without this the owner does not see the rows of all tenants.
        environment["PGOPTIONS"] = (environment["PGOPTIONS"].map { $0 + " " } ?? "") + "-c app.scope=all"
        environment["PGAPPNAME"] = RestoreTarget.loaderName
        let code = try ChildProcess.startBound(path, arguments, environment: environment, output: output)
            .wait(interruption, endingBy: SIGTERM)
        guard code == 0 else {
            throw Failure(description: "\(path.split(separator: "/").last ?? "") failed with code \(code)")
        }
    }
}
