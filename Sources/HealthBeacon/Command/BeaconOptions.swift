internal import Formats
internal import HealthBeacon

/// The command line of `health-beacon`.
struct BeaconOptions {
    struct Problem: Error {
        let message: String
        /// 0 for `--help`, 64 for a wrong command line, 78 for a missing or invalid address.
        let code: Int32
    }

    static let usage = """
        usage: DATABASE_URL=postgresql://… health-beacon [options]

          --interval SECONDS   time between two heartbeats, 1 to 85 (30)
          --once               write one heartbeat and exit: 0 when it was stored
          --instance NUMBER    which bot instance this is (1)
          --status STATUS      healthy, degraded or stopping (healthy)
          --shards NUMBER      shards of the bot
          --shards-down NUMBER shards that are not connected (0)
          --guilds NUMBER      servers the bot is in
          --latency MS         latency of Discord's gateway, in milliseconds
          --version TEXT       version of the bot
          --help               print this
        """

    let address: String
    private(set) var interval = 30
    private(set) var isOnce = false
    private(set) var heartbeat = Beacon.Heartbeat()

    init(_ arguments: [String], address: String?) throws(Problem) {
        var rest = arguments[...]
        self.address = address ?? ""
        while let name = rest.popFirst() {
            if name == "--help" || name == "-h" { throw Problem(message: Self.usage, code: 0) }
            if name == "--once" { isOnce = true } else { try take(name, &rest) }
        }
        guard let address, !address.isEmpty else {
            throw Problem(message: "DATABASE_URL is not set\n\n\(Self.usage)", code: 78)
        }
        if let mistake = Beacon.mistake(in: address) { throw Problem(message: mistake, code: 78) }
    }

    private mutating func take(_ name: String, _ rest: inout ArraySlice<String>) throws(Problem) {
        guard let value = rest.popFirst() else { throw Problem(message: "\(name) needs a value", code: 64) }
        func number(_ range: ClosedRange<Int>) throws(Problem) -> Int {
            guard let number = Int(value), range.contains(number) else {
                throw Problem(
                    message: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)", code: 64)
            }
            return number
        }
        let counts = 0...1_000_000
        switch name {
        case "--interval": interval = try number(1...85)
        case "--instance": heartbeat.instance = try number(1...10_000)
        case "--shards": heartbeat.shardCount = try number(counts)
        case "--shards-down": heartbeat.shardsDown = try number(counts)
        case "--guilds": heartbeat.guildCount = try number(counts)
        case "--latency": heartbeat.latencyMilliseconds = try number(counts)
        case "--version": heartbeat.version = String(value.prefix(64))
        case "--status":
            guard let status = Beacon.Status(rawValue: value) else {
                throw Problem(message: "--status must be healthy, degraded or stopping", code: 64)
            }
            heartbeat.status = status
        default: throw Problem(message: "unknown option \(name)\n\n\(Self.usage)", code: 64)
        }
    }
}
