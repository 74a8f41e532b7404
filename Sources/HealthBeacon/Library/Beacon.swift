internal import Domain
internal import Formats
internal import Persistence

/// Sends heartbeats of a bot through the database function `bot.heartbeat`, for bots written in Swift.
///
/// Not thread-safe: each call waits for the database.
public struct Beacon {
    /// The status that the bot reports.
    public enum Status: String, Sendable, CaseIterable {
        case healthy, degraded, stopping
    }

    /// One heartbeat.
    ///
    /// Nil fields keep the value of the last heartbeat.
    public struct Heartbeat: Sendable, Equatable {
        /// The number of the bot's instance: 1 to 10,000.
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

    /// The reason why a heartbeat was not stored.
    public enum Failure: Error, Sendable, Equatable {
        /// The database is unreachable; the next heartbeat may succeed.
        case unavailable(String)
        /// The values or rights are invalid; retrying does not help.
        case refused(String)
    }

    private let settings: ConnectionSettings
    private var connection: BlockingConnection?

    /// Takes a `postgresql://` address, or libpq's `key=value` text, of a role that may call `bot.heartbeat`.
    public init(address: String) {
        settings = ConnectionSettings(address: address, role: .login, name: "health-beacon")
    }

    /// The mistakes in an address or in libpq's variables that make a connection impossible, without their values.
    ///
    /// Nil if there are none. Heartbeats to such an address are rejected before libpq sees it, because libpq's error
    /// text may contain a part of the password.
    public static func mistake(in address: String) -> String? {
        guard let parts = ConnectionAddress(address) else {
            return "DATABASE_URL must be an address such as postgresql://user:password@host/dashboard"
        }
        guard !parts.mistakes.isEmpty else { return nil }
        return parts.mistakes.map { ($0.variable ?? "DATABASE_URL:") + " " + $0.text }.joined(separator: "; ")
    }

    /// Sends one heartbeat, over a new connection if the last one was lost.
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
            // Kept only after success: a failed connection is replaced next time.
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
