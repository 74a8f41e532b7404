internal import Domain
internal import Persistence

/// Writes heartbeats of a bot through the database function `bot.heartbeat`, for bots that are written in Swift.
///
/// Not to be shared between threads: each call waits for the database.
public struct Beacon {
    /// What the bot says of itself.
    public enum Status: String, Sendable, CaseIterable {
        case healthy, degraded, stopping
    }

    /// One heartbeat.
    ///
    /// What is nil stays as the last heartbeat said.
    public struct Heartbeat: Sendable, Equatable {
        /// Which instance of the bot: 1 to 10,000.
        public var instance = 1
        public var status = Status.healthy
        public var shardCount: Int?
        public var shardsDown = 0
        public var guildCount: Int?
        public var latencyMilliseconds: Int?
        /// At most 64 characters.
        public var version: String?
        /// When the bot started, in microseconds since 1970.
        public var startedAtMicroseconds: Int64?

        public init() {}
    }

    /// Why a heartbeat was not stored.
    public enum Failure: Error, Sendable, Equatable {
        /// The database cannot be reached just now: the next heartbeat may get through.
        case unavailable(String)
        /// The values or the rights are wrong: trying again is of no use.
        case refused(String)
    }

    private let settings: ConnectionSettings
    private var connection: BlockingConnection?

    /// Takes a `postgresql://` address, or libpq's `key=value` text, of a role that may call `bot.heartbeat`.
    public init(address: String) {
        settings = ConnectionSettings(address: address, role: .login, name: "health-beacon")
    }

    /// What no connection could be made with, in an address or in libpq's variables: a sentence without any value.
    ///
    /// Nil where nothing is. Heartbeats to such an address are refused: libpq's own words may hold a piece of its password.
    public static func mistake(in address: String) -> String? {
        guard let parts = ConnectionAddress(address) else {
            return "DATABASE_URL must be an address such as postgresql://user:password@host/dashboard"
        }
        guard !parts.mistakes.isEmpty else { return nil }
        return parts.mistakes.map { ($0.variable ?? "DATABASE_URL:") + " " + $0.text }.joined(separator: "; ")
    }

    /// Writes one heartbeat, over a new connection if the last one was lost.
    ///
    /// - Throws: `Failure`.
    public mutating func send(_ heartbeat: Heartbeat) throws(Failure) {
        if connection == nil, let mistake = Self.mistake(in: settings.address) { throw .refused(mistake) }
        do {
            let open: BlockingConnection
            if let connection {
                open = connection
            } else {
                open = try BlockingConnection(settings, answerLimit: .seconds(8))
            }
            // Kept only where it worked: a lost connection is made anew the next time.
            connection = nil
            try BotFunctions.heartbeat(Persistence.Heartbeat(heartbeat), open)
            connection = open
        } catch {
            throw Failure(error)
        }
    }
}

extension Beacon.Failure {
    fileprivate init(_ failure: DatabaseFailure) {
        switch failure {
        case .unavailable(let reason): self = .unavailable(reason)
        case .busy(let error): self = .unavailable(error.message)
        case .refused(let error): self = .refused(error.message)
        case .misread: self = .refused("\(failure)")
        }
    }
}

extension Persistence.Heartbeat {
    fileprivate init(_ heartbeat: Beacon.Heartbeat) {
        self.init()
        instance = heartbeat.instance
        status = BotState.Report(rawValue: heartbeat.status.rawValue) ?? .healthy
        shardCount = heartbeat.shardCount
        shardsDown = heartbeat.shardsDown
        guildCount = heartbeat.guildCount
        latencyMilliseconds = heartbeat.latencyMilliseconds
        version = heartbeat.version
        startedAt = heartbeat.startedAtMicroseconds.map { Timestamp(microseconds: $0) }
    }
}
