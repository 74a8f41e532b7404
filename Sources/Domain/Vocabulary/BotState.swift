internal import Formats

/// The state of the bot, derived from its last heartbeat.
package enum BotState: String, CaseIterable, Sendable {
    case online, degraded, offline, unknown

    /// The status that the bot reports in a heartbeat.
    package enum Report: String, CaseIterable, Sendable {
        case healthy, degraded, stopping
    }

    /// Seconds without a heartbeat after which the bot counts as offline.
    package static let silence: Int64 = 90
    package var label: String {
        switch self {
        case .online: "Online"
        case .degraded: "Degraded"
        case .offline: "Offline"
        case .unknown: "Unknown"
        }
    }
}

/// Better states are smaller: a title or favicon shows the maximum.
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
