internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Web

/// `dashboard serve`: runs the service.
enum ServeCommand {
    static let usage = """
        usage: dashboard serve [--no-migrate]

        Runs the service until SIGTERM or SIGINT; then streams end, requests get 8 seconds, and the exit code is 0. At its
        start it applies the migrations that are missing. With --no-migrate it does not, and does not start while there
        are any. The exit code is 1 when it cannot start, 75 when a lock of another session kept it from starting, and 78 for a
        wrong configuration.
        """

    static let demoUsage = """
        usage: dashboard demo

        Runs the service with sample servers, a simulated bot and a stand-in for Discord, as it does by itself without
        Discord's client id. For this machine only: HOST and DASHBOARD_URL must be of it. A database that holds other
        servers is refused.
        """

    static func run(_ arguments: [String]) -> Int32 {
        guard arguments.isEmpty || arguments == ["--no-migrate"] else { return Command.misunderstood(usage) }
        return run(inDemo: false, migrates: arguments.isEmpty)
    }

    static func runDemo(_ arguments: [String]) -> Int32 {
        arguments.isEmpty ? run(inDemo: true, migrates: true) : Command.misunderstood(demoUsage)
    }

    private static func run(inDemo: Bool, migrates: Bool) -> Int32 {
        let configuration: Configuration
        do {
            configuration = try Configuration.read(for: inDemo ? .demo : .service)
        } catch {
            Terminal.complain("invalid configuration:\n\(error)")
            return ExitCode.wrongConfiguration
        }
        // Blocked before any thread starts, so that only `Signals` receives them.
        let signals = Signals([SIGINT, SIGTERM])
        let log = Log(level: configuration.logLevel, format: configuration.logFormat)
        for warning in configuration.warnings { log.warning(warning) }
        do {
            try serve(configuration, migrates: migrates, log, signals)
            return 0
        } catch let mistakes as Configuration.Mistakes {
            Terminal.complain("invalid configuration:\n\(mistakes)")
            return ExitCode.wrongConfiguration
        } catch {
            // After a stop signal, a failed start is not an error.
            if error is StoppedWhileStarting || signals.wait(atMost: .zero) != nil {
                log.info("stopped while starting")
                return 0
            }
            log.error("\(error)")
            Terminal.complain("the dashboard could not start: \(error)")
            return ExitCode.of(error)
        }
    }

    private struct StoppedWhileStarting: Error {}

    private static func prepare(_ address: String, migrates: Bool, _ log: Log, _ signals: Signals) throws {
        var isStopped = false
        do {
            try Schema.prepare(address, migrates: migrates, log) {
                isStopped = isStopped || signals.wait(atMost: .zero) != nil
                return isStopped
            }
        } catch {
            throw isStopped ? StoppedWhileStarting() : error
        }
        if isStopped { throw StoppedWhileStarting() }
    }

    private static func serve(
        _ configuration: Configuration, migrates: Bool, _ log: Log, _ signals: Signals
    ) throws {
        let lock = try DataDirectoryLock.take(configuration.dataDirectory)
        defer { _ = lock }
        let crashes = CrashWatch(configuration.dataDirectory, log)
        let keys = try Secrets.keys(configuration)
        let vault = try Secrets.vault(configuration)
        let sockets = try openSockets(configuration)
        var embedded: EmbeddedPostgreSQL?
        if configuration.databaseAddress == nil {
            embedded = try EmbeddedPostgreSQL(
                dataDirectory: configuration.dataDirectory, connections: configuration.connections, log: log)
        }
        defer { embedded?.stop() }
        try embedded?.start()
        let address = configuration.databaseAddress ?? embedded?.address ?? ""
        try prepare(address, migrates: migrates, log, signals)
        if configuration.isDemo { try SampleData.fill(address, log) }

        let service = try Service(
            configuration, databaseAddress: address, keys: keys, vault: vault, log: log, sockets: sockets,
            crashes: crashes)
        try service.start()
        log.info("ready", [("address", service.origin), ("mode", configuration.isDemo ? "demo" : "normal")])
        if configuration.application == nil, !configuration.isDemo {
            let missing = configuration.missingDiscordVariables.joined(separator: " and ")
            log.warning("sign-in is not configured; see /login", [("missing", missing)])
        }
        let bot = configuration.isDemo ? SimulatedBot.start(embedded?.botAddress ?? address, address, log) : nil

        var received: Int32?
        while received == nil {
            received = signals.wait(atMost: .seconds(1))
            embedded?.watch()
        }
        let signal = received ?? SIGTERM
        log.info("stopping", [("signal", "\(signal)")])
        service.stop()
        bot?.stop()
    }
}

/// The configured address is not available.
struct AddressTaken: Error, CustomStringConvertible {
    let description: String
}

extension ServeCommand {
    /// First, because a taken port is the most frequent mistake.
    private static func openSockets(_ configuration: Configuration) throws(AddressTaken) -> [ListeningSocket] {
        do {
            return try ListeningSocket.open(
                host: configuration.host, port: configuration.port, count: Machine.coreCount)
        } catch {
            throw AddressTaken(
                description:
                    "\(configuration.host) port \(configuration.port) cannot be listened on (\(error)): set HOST or PORT"
            )
        }
    }
}
