internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence

/// `pg_dump` and `pg_restore`, at work on a database.
struct ArchiveProgram {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let path: String
    private let address: ConnectionAddress
    private let interruption: Interruption

    /// The program of that version or a newer one.
    ///
    /// - Throws: `Failure`, `PostgreSQLPrograms.Missing`.
    init(_ name: String, from version: Int, on address: String, _ interruption: Interruption) throws {
        guard let address = ConnectionAddress(address) else {
            throw Failure(description: "the database's address is none")
        }
        self.address = address
        self.interruption = interruption
        path = try PostgreSQLPrograms.find(name, from: version)
    }

    /// Runs it on the database; what it complains of goes to standard error.
    ///
    /// The address goes into its environment: arguments can be read by everybody on the machine.
    ///
    /// - Throws: `Failure` when it does not succeed, `SystemError` when it cannot be started.
    func run(_ arguments: [String]) throws {
        try start(["--dbname=\(address.rest)", "--no-password"] + arguments, output: nil)
    }

    /// Runs it on a file alone.
    ///
    /// - Throws: the same.
    func run(_ arguments: [String], output: String) throws { try start(arguments, output: output) }

    private func start(_ arguments: [String], output: String?) throws {
        var environment = Machine.environment.filter { $0.key.hasPrefix("PG") || $0.key == "HOME" }
        environment.merge(address.environment) { _, new in new }
        environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        environment["LC_ALL"] = "C.UTF-8"
        // The owner sees the rows of all tenants only so.
        environment["PGOPTIONS"] = (environment["PGOPTIONS"].map { $0 + " " } ?? "") + "-c app.scope=all"
        environment["PGAPPNAME"] = RestoreTarget.loaderName
        let code = try ChildProcess.startBound(path, arguments, environment: environment, output: output)
            .wait(interruption, endingBy: SIGTERM)
        guard code == 0 else {
            throw Failure(description: "\(path.split(separator: "/").last ?? "") failed with code \(code)")
        }
    }
}
