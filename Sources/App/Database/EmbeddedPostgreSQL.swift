internal import Domain
internal import EventLoop
internal import Glibc
internal import Persistence
internal import Web

/// The service's own PostgreSQL: a cluster in the data directory, reached through a socket only, started and stopped
/// with the service.
final class EmbeddedPostgreSQL {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let binaries: String
    private let cluster: String
    private let socketFolder: String
    private let output: String
    /// Whom PostgreSQL runs as: it refuses root.
    private let account: Account
    /// What the service may open, and some for people and backups.
    private let connections: Int
    private let log: Log
    /// What may end the start; the service's goes through.
    private let interruption: Interruption?
    /// What the server was started from.
    private var programs: ServerPrograms?
    /// What is in its place now, and since when.
    private var replacement: (programs: ServerPrograms, since: ContinuousClock.Instant)?
    /// So long the files must stay as they are: an update replaces one after the other.
    private static let settling = Duration.seconds(5)

    /// - Throws: `Failure` that says what is missing and how to get it.
    init(dataDirectory: String, connections: Int, log: Log, _ interruption: Interruption? = nil) throws(Failure) {
        self.connections = connections
        self.log = log
        self.interruption = interruption
        guard let found = PostgreSQLPrograms.newest(with: ["initdb", "pg_ctl"]) else {
            throw Failure(
                description: """
                    no PostgreSQL server was found. Install one (Debian, Ubuntu: apt-get install postgresql), \
                    or set DATABASE_URL to a database of yours
                    """)
        }
        binaries = found
        account = try Self.account()
        cluster = dataDirectory + "/postgresql"
        output = dataDirectory + "/postgresql.log"
        socketFolder = Self.socketFolder(dataDirectory)
    }

    /// As the service's own login, who owns the cluster.
    ///
    /// The socket's folder lets nobody else in.
    var address: String { Self.address(of: socketFolder) }

    /// The same for one that may not be running.
    static func address(in dataDirectory: String) -> String { address(of: socketFolder(dataDirectory)) }

    /// Whether one was ever made there.
    static func exists(in dataDirectory: String) -> Bool { Files.exists(dataDirectory + "/postgresql/PG_VERSION") }

    private static func address(of folder: String) -> String {
        "host='\(folder)' user='\(superuser)' dbname='dashboard'"
    }

    /// As the bot, for demo mode's beacon.
    var botAddress: String { "host='\(socketFolder)' user='tracking_bot' dbname='dashboard'" }

    private static let superuser = "dashboard"

    // MARK: Starting and stopping

    /// Makes the cluster where there is none, and starts it where it does not run.
    func start() throws {
        try makeFolders()
        if !Files.exists(cluster + "/PG_VERSION") { try initialize() }
        // Left behind by a run that was killed, and updated since.
        if isRunning(), isProgramDeleted { stop() }
        if !isRunning() { try startServer() }
        if programs == nil { programs = ServerPrograms(in: binaries) }
        try makeDatabase()
    }

    func stop() {
        guard isAlive else { return }
        let code = try? run(
            "pg_ctl", ["stop", "--pgdata", cluster, "--mode", "fast", "--timeout", "60", "--silent"],
            isStoppable: false)
        // It may have been on its way out, and gone before it could be told.
        if code != 0, isAlive { log.error("PostgreSQL could not be stopped; see \(output)") }
    }

    /// Starts the server again when somebody killed it or replaced its programs.
    ///
    /// The service's connections find it by themselves.
    func watch() {
        reviveIfDead()
        restartIfReplaced()
    }

    private func restartIfReplaced() {
        guard let now = ServerPrograms(in: binaries), let programs, now != programs else {
            replacement = nil
            return
        }
        guard let replacement, replacement.programs == now else {
            replacement = (now, .now)
            return
        }
        guard replacement.since.duration(to: .now) >= Self.settling else { return }
        self.replacement = nil
        log.warning("PostgreSQL's programs were replaced; restarting it")
        stop()
        do {
            try startServer()
        } catch {
            log.error("\(error)")
        }
    }

    private func reviveIfDead() {
        guard !isAlive else { return }
        log.error("PostgreSQL is gone; starting it again")
        do {
            try startServer()
        } catch {
            // What is left of the old server may still be on its way out: the next second tries again.
            log.error("\(error)")
        }
    }

    /// Whether the server runs from a file that is not there any more.
    private var isProgramDeleted: Bool {
        process.flatMap { Files.target(ofLink: "/proc/\($0)/exe") }?.hasSuffix(" (deleted)") ?? false
    }

    /// The first line of the lock file is the server's process.
    ///
    /// After a crash or in a new container that number may be anybody's: the server is the process that works in the
    /// cluster's folder.
    private var isAlive: Bool {
        guard let pid = process else { return false }
        // By the folder itself, since one folder has many names.
        if let isThere = Files.isSameFolder("/proc/\(pid)/cwd", cluster) { return isThere }
        // Where the link cannot be followed, as in a container without the right to trace, a server with that number
        // counts as ours: to take a live one for dead would cost its data.
        return Files.read("/proc/\(pid)/cmdline")?.split(separator: "\0").first?.hasSuffix("postgres") == true
    }

    private var process: pid_t? {
        Files.read(lockFile)?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    private var lockFile: String { cluster + "/postmaster.pid" }

    /// Under another name until it is whole: a start that was killed over it must not leave half a cluster behind.
    private func initialize() throws {
        log.info("making a PostgreSQL cluster", [("folder", cluster)])
        let draft = "\(cluster).new-\(getpid())"
        // Of starts that were killed; what an initdb of theirs still writes there comes to nothing.
        try removeDrafts()
        try makeFolder(draft)
        let code = try run(
            "initdb",
            [
                "--pgdata", draft, "--username", Self.superuser, "--auth", "trust", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--data-checksums",
            ])
        guard code == 0 else {
            try removeDrafts()
            throw Failure(description: "initdb failed; see \(output)")
        }
        guard unsafe rmdir(cluster) == 0, unsafe rename(draft, cluster) == 0 else {
            throw Failure(description: "\(draft) could not be renamed to \(cluster): \(SystemError("rename"))")
        }
    }

    private func removeDrafts() throws(SystemError) {
        _ = try ChildProcess.start(
            "/bin/sh", ["-c", #"rm -rf -- "$0".new-*"#, cluster], environment: ["PATH": "/usr/bin:/bin"], output: output
        ).wait()
    }

    /// What an earlier run left behind may still be running, or may have been killed: both are fine.
    private func isRunning() -> Bool {
        isAlive && (try? BlockingConnection(settings("postgres"))) != nil
    }

    private func startServer() throws {
        programs = ServerPrograms(in: binaries)
        // PostgreSQL would not start while a stranger's process has the number in its lock file.
        if !isAlive, Files.exists(lockFile) { unsafe unlink(lockFile) }
        let options = """
            -c listen_addresses='' -c unix_socket_directories='\(socketFolder)' -c unix_socket_permissions=0700 \
            -c max_connections=\(connections + 30) -c shared_buffers=128MB -c log_min_messages=warning
            """
        let code = try run(
            "pg_ctl",
            [
                "start", "--pgdata", cluster, "--wait", "--timeout", "120", "--silent", "--log", output, "--options",
                options,
            ])
        guard code == 0 else { throw Failure(description: "PostgreSQL did not start; see \(output)") }
    }

    private func makeDatabase() throws {
        let connection = try BlockingConnection(settings("postgres"))
        let known = try connection.rows("SELECT 1 FROM pg_database WHERE datname = 'dashboard'").count > 0
        if !known { try connection.script("CREATE DATABASE dashboard") }
    }

    private func settings(_ database: String) -> ConnectionSettings {
        ConnectionSettings(
            address: "host='\(socketFolder)' user='\(Self.superuser)' dbname='\(database)'", role: .login,
            name: "tracking-dashboard start")
    }

    // MARK: Folders and programs

    private func makeFolders() throws(Failure) {
        for folder in [cluster, socketFolder] { try makeFolder(folder) }
        let log = unsafe open(output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        if log >= 0 {
            if geteuid() == 0 { _ = fchown(log, account.user, account.group) }
            close(log)
        }
    }

    private func makeFolder(_ folder: String) throws(Failure) {
        guard Files.makeFolder(folder, mode: 0o700) else {
            throw Failure(description: "the folder \(folder) could not be made: \(SystemError("mkdir"))")
        }
        if geteuid() == 0, unsafe chown(folder, account.user, account.group) != 0 {
            throw Failure(description: "\(folder) could not be given to \(account.name): \(SystemError("chown"))")
        }
        // Above all the socket's folder, which may lie below /tmp: nobody else may have made it.
        guard Files.isPrivate(folder, to: account.user) else {
            throw Failure(description: "\(folder) belongs to somebody else, or others may enter it")
        }
    }

    private func run(
        _ program: String, _ arguments: [String], isStoppable: Bool = true
    ) throws(SystemError) -> Int32 {
        var command = [binaries + "/" + program] + arguments
        if geteuid() == 0 {
            command =
                ["setpriv", "--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups", "--"] + command
        }
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": cluster]
        let child = try ChildProcess.start(
            command[0], Array(command.dropFirst()), environment: environment, output: output)
        guard isStoppable, let interruption else { return child.wait() }
        // By SIGINT pg_ctl also ends the server that it is just starting.
        return child.wait(interruption, endingBy: SIGINT)
    }

    /// A socket's whole path must fit into 107 bytes.
    private static func socketFolder(_ dataDirectory: String) -> String {
        let folder = dataDirectory + "/run"
        return folder.utf8.count <= 80 ? folder : "/tmp/tracking-dashboard-\(StableHash.of(dataDirectory))"
    }

    // MARK: Whom it runs as

    struct Account {
        let name: String
        let user: uid_t
        let group: gid_t
    }

    /// This process's own account, or as root the one that Debian's package makes.
    private static func account() throws(Failure) -> Account {
        if geteuid() != 0 { return Account(name: "this user", user: geteuid(), group: getegid()) }
        for name in ["postgres", "nobody"] {
            if let entry = unsafe getpwnam(name) {
                return unsafe Account(name: name, user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
            }
        }
        throw Failure(description: "PostgreSQL does not run as root, and there is no user postgres or nobody")
    }
}
