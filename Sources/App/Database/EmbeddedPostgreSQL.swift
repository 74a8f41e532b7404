internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Web

/// The service's own PostgreSQL: a cluster in the data directory, reachable only through a socket, started and stopped
/// with the service.
final class EmbeddedPostgreSQL {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let binaries: String
    private let cluster: String
    private let socketFolder: String
    private let output: String
    /// The account of the PostgreSQL process, because PostgreSQL refuses to run as root.
    private let account: Account
    /// The connections of the service, and some for people and backups.
    private let connections: Int
    private let log: Log
    /// May interrupt the start of a command; nil for the service.
    private let interruption: Interruption?
    /// The program files that the server was started from.
    private var programs: ServerPrograms?
    /// The program files found in their place now, and since when.
    private var replacement: (programs: ServerPrograms, since: ContinuousClock.Instant)?
    /// The files must be unchanged for this long, because an update replaces one after the other.
    private static let settling = Duration.seconds(5)

    /// - Throws: `Failure` that names the missing program and how to install it.
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

    /// The address for the service's own login, the owner of the cluster.
    ///
    /// Only its account can enter the socket's folder.
    var address: String { Self.address(of: socketFolder) }

    /// The address, even if the server does not run.
    static func address(in dataDirectory: String) -> String { address(of: socketFolder(dataDirectory)) }

    /// True if a cluster exists in the folder.
    static func exists(in dataDirectory: String) -> Bool { Files.exists(dataDirectory + "/postgresql/PG_VERSION") }

    private static func address(of folder: String) -> String {
        "host='\(folder)' user='\(superuser)' dbname='dashboard'"
    }

    /// The address for the bot's login, for demo mode's beacon.
    var botAddress: String { "host='\(socketFolder)' user='tracking_bot' dbname='dashboard'" }

    private static let superuser = "dashboard"

    // MARK: Starting and stopping

    /// Creates the cluster if there is none, and starts it if it does not run.
    func start() throws {
        try makeFolders()
        if !Files.exists(cluster + "/PG_VERSION") { try initialize() }
        // A killed run left the server running, and its programs were updated since.
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
        // It may have been shutting down already, so that pg_ctl did not find it.
        if code != 0, isAlive { log.error("PostgreSQL could not be stopped; see \(output)") }
    }

    /// Restarts the server if it was killed or its programs were replaced.
    ///
    /// The service's connections reconnect on their own.
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
        log.error("PostgreSQL has stopped; restarting it")
        do {
            try startServer()
        } catch {
            // The old server may still be shutting down; the next second retries.
            log.error("\(error)")
        }
    }

    /// True if the server's program file was deleted.
    private var isProgramDeleted: Bool {
        process.flatMap { Files.target(ofLink: "/proc/\($0)/exe") }?.hasSuffix(" (deleted)") ?? false
    }

    /// The first line of the lock file is the server's process id.
    ///
    /// After a crash or in a new container another process may have that id, so check that it works in the cluster's
    /// folder.
    private var isAlive: Bool {
        guard let pid = process else { return false }
        // Compare the folder itself, because one folder can have many paths.
        if let isThere = Files.isSameFolder("/proc/\(pid)/cwd", cluster) { return isThere }
        // If the link cannot be followed, as in a container without the right to trace, a `postgres` process with that
        // id counts as ours: treating a live server as dead would corrupt its data.
        return Files.read("/proc/\(pid)/cmdline")?.split(separator: "\0").first?.hasSuffix("postgres") == true
    }

    private var process: pid_t? {
        Files.read(lockFile)?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    private var lockFile: String { cluster + "/postmaster.pid" }

    /// Under another name until it is complete: a killed start must not leave half a cluster.
    private func initialize() throws {
        log.info("creating a PostgreSQL cluster", [("folder", cluster)])
        let draft = "\(cluster).new-\(getpid())"
        // Left by killed starts. An initdb that still writes there does no harm.
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

    /// A server of an earlier run may still be running, or may have been killed: both are fine.
    private func isRunning() -> Bool {
        isAlive && (try? BlockingConnection(settings("postgres"))) != nil
    }

    private func startServer() throws {
        programs = ServerPrograms(in: binaries)
        // PostgreSQL does not start if an unrelated process has the id of its lock file.
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
            throw Failure(description: "the folder \(folder) could not be created: \(SystemError("mkdir"))")
        }
        if geteuid() == 0, unsafe chown(folder, account.user, account.group) != 0 {
            throw Failure(description: "\(folder) could not be given to \(account.name): \(SystemError("chown"))")
        }
        // Most important for the socket's folder, which may be below /tmp: another user may have created it.
        guard Files.isPrivate(folder, to: account.user) else {
            throw Failure(description: "\(folder) belongs to another user, or is accessible to others")
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
        // On SIGINT pg_ctl also stops the server that it is starting.
        return child.wait(interruption, endingBy: SIGINT)
    }

    /// The whole path of a socket is limited to 107 bytes.
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

    /// The process's own account; for root the one of Debian's package.
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
