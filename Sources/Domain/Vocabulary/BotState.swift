/// How the bot is, as far as its last heartbeat tells.
package enum BotState: String, CaseIterable, Sendable {
    case online, degraded, offline, unknown

    /// What the bot says about itself in a heartbeat.
    package enum Report: String, CaseIterable, Sendable {
        case healthy, degraded, stopping
    }

    /// Seconds from one heartbeat to the next.
    package static let beat: Int64 = 30
    /// Seconds of silence after which the bot counts as offline.
    package static let silence: Int64 = 90
    /// The longest latency, in milliseconds, that is still healthy.
    package static let latencyLimit: Int64 = 1_000

    /// The state at the time of asking.
    ///
    /// The heartbeat's age is in seconds by the database's clock, nil if there never was one; below zero (a clock was
    /// set back) it counts as zero. The report is what the bot said in that heartbeat.
    package static func of(
        heartbeatAge: Int64?, report: Report, shardsDown: Int64, latencyMilliseconds: Int64?
    ) -> BotState {
        guard let heartbeatAge else { return .unknown }
        if heartbeatAge >= silence || report == .stopping { return .offline }
        let isSlow = (latencyMilliseconds ?? 0) > latencyLimit
        return report == .degraded || shardsDown > 0 || isSlow ? .degraded : .online
    }

    /// How many heartbeats should have come since the last one and did not.
    package static func beatsMissed(heartbeatAge: Int64) -> Int64 { max(0, heartbeatAge / beat) }

    package var label: String {
        switch self {
        case .online: "Online"
        case .degraded: "Degraded"
        case .offline: "Offline"
        case .unknown: "Unknown"
        }
    }
}

/// Better is smaller: the greatest of several is what a title or favicon shows.
extension BotState: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.severity < right.severity }

    private var severity: Int {
        switch self {
        case .online: 0
        case .unknown: 1
        case .degraded: 2
        case .offline: 3
        }
    }
}
