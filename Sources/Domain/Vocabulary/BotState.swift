internal import Formats

/// How the bot is, as far as its last heartbeat tells.
package enum BotState: String, CaseIterable, Sendable {
    case online, degraded, offline, unknown

    /// What the bot says about itself in a heartbeat.
    package enum Report: String, CaseIterable, Sendable {
        case healthy, degraded, stopping
    }

    /// Seconds of silence after which the bot counts as offline.
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
