internal import Domain
internal import EventLoop
internal import Glibc
internal import Persistence
internal import Web

/// `dashboard serve`: everything from the configuration to the last request.
enum ServeCommand {
    static func run() -> Int32 {
        let configuration: Configuration
        do {
            configuration = try Configuration.read()
        } catch {
            Terminal.complain("the configuration is not right:\n\(error)")
            return 78
        }
        // Blocked before any thread is made, so that only `Signals` ever takes them.
        let signals = Signals([SIGINT, SIGTERM])
        let log = Log(level: configuration.logLevel, format: configuration.logFormat)
        do {
            try serve(configuration, log, signals)
            return 0
        } catch {
            log.error("\(error)")
            Terminal.complain("the dashboard could not start: \(error)")
            return 1
        }
    }

    private static func serve(_ configuration: Configuration, _ log: Log, _ signals: Signals) throws {
        let lock = try DataDirectoryLock.take(configuration.dataDirectory)
        defer { _ = lock }
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
        try Schema.prepare(address, log)
        if configuration.isDemo { try SampleData.fill(address, log) }

        let service = try Service(
            configuration, databaseAddress: address, keys: keys, vault: vault, log: log, sockets: sockets)
        try service.start()
        log.info("ready", [("address", service.origin), ("mode", configuration.isDemo ? "demo" : "normal")])
        let bot = configuration.isDemo ? SimulatedBot.start(embedded?.botAddress ?? address, address, log) : nil

        var received: Int32?
        while received == nil {
            received = signals.waitASecond()
            embedded?.reviveIfDead()
        }
        let signal = received ?? SIGTERM
        log.info("stopping", [("signal", "\(signal)")])
        service.stop()
        bot?.stop()
    }
}

/// The address that the service was told to listen on is not to be had.
struct AddressTaken: Error, CustomStringConvertible {
    let description: String
}

extension ServeCommand {
    /// Before anything else is started: a taken port is the most frequent mistake.
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
