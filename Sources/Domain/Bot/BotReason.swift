/// The cause of a state of the bot other than online.
package enum BotReason: String, CaseIterable, Sendable {
    /// Offline: no heartbeat for 90 seconds.
    case silence
    /// Offline: the bot reported that it shuts down.
    case stopping
    /// Degraded: the bot reported a problem.
    case reported
    /// Degraded: some shards are down.
    case shardsDown = "shards_down"
    /// Degraded: Discord takes more than a second to answer.
    case latency
    /// Unknown: no heartbeat has ever arrived.
    case neverSeen = "never_seen"
    /// Unknown: the database cannot be read.
    case unread

    /// Milliseconds; the database's `dashboard.heartbeat` has the same limit.
    package static let latencyLimit = 1_000
}

extension BotStatus {
    /// The causes of the present state; none if the bot is online.
    package var reasons: [BotReason] {
        switch state {
        case .online: []
        case .offline: [report == .stopping ? .stopping : .silence]
        case .unknown: [lastHeartbeat == nil ? .neverSeen : .unread]
        case .degraded: degradations.isEmpty ? [.reported] : degradations
        }
    }

    private var degradations: [BotReason] {
        [
            report == .degraded ? .reported : nil, shardsDown > 0 ? .shardsDown : nil,
            latencyMilliseconds ?? 0 > BotReason.latencyLimit ? .latency : nil,
        ].compactMap(\.self)
    }
}
