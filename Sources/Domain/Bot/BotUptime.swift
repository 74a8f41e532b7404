package import Formats

/// Seconds that the bot spent in each state during one period.
package struct BotUptime: Sendable, Equatable {
    package let start: Timestamp
    package let end: Timestamp
    package let online: Double
    package let degraded: Double
    package let offline: Double
    package let unknown: Double

    package init(start: Timestamp, end: Timestamp, online: Double, degraded: Double, offline: Double, unknown: Double) {
        self.start = start
        self.end = end
        self.online = online
        self.degraded = degraded
        self.offline = offline
        self.unknown = unknown
    }

    /// Online or degraded, as a share of the known time; nil if none is known.
    package var share: Double? {
        let known = online + degraded + offline
        return known > 0 ? (online + degraded) / known : nil
    }
}

package struct BotHistory: Sendable, Equatable {
    /// The last 24 hours, 7, 30 and 90 days.
    package let periods: [(name: String, uptime: BotUptime)]
    /// 90 days, oldest first.
    package let days: [BotUptime]
    /// The newest first.
    package let incidents: [BotIncident]

    package init(periods: [(name: String, uptime: BotUptime)], days: [BotUptime], incidents: [BotIncident]) {
        self.periods = periods
        self.days = days
        self.incidents = incidents
    }

    package static func == (left: BotHistory, right: BotHistory) -> Bool {
        left.days == right.days && left.incidents == right.incidents
    }
}

package struct BotIncident: Sendable, Equatable {
    package let id: BotIncidentID
    package let state: BotState
    package let startedAt: Timestamp
    package let endedAt: Timestamp?
    /// `silence`, `stopping`, `reported`, `shards_down` or `latency`.
    package let reason: String

    package init(id: BotIncidentID, state: BotState, startedAt: Timestamp, endedAt: Timestamp?, reason: String) {
        self.id = id
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
    }
}
