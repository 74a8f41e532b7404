internal import Domain
internal import Formats
internal import HTTP

/// A condition of the bot under which a part of a page applies.
enum BotCondition: Sendable {
    case state(BotState)
    case reason(BotReason)

    var word: String {
        switch self {
        case .state(let state): state.rawValue
        case .reason(let reason): reason.rawValue
        }
    }

    func holds(_ status: BotStatus) -> Bool {
        switch self {
        case .state(let state): status.state == state
        case .reason(let reason): status.reasons.contains(reason)
        }
    }
}

extension BotState {
    /// The states of a bot whose heartbeats can be read.
    static let seen: [BotCondition] = [.state(.online), .state(.degraded), .state(.offline)]
}

extension [Attribute] {
    /// A part that is shown while one of the conditions holds; a script shows and hides it.
    static func only(while conditions: [BotCondition], _ status: BotStatus) -> [Attribute] {
        [
            .fixed("data-status", "only"), .text("data-states", conditions.map(\.word).joined(separator: " ")),
            .flag("hidden", !conditions.contains { $0.holds(status) }),
        ]
    }
}

extension HTML {
    /// The causes of the bot's present state, updated by script.
    mutating func botReasons(_ status: BotStatus, _ clock: PageClock) {
        reason(.silence, status) { html in
            html.text(" No heartbeat for more than 90 seconds, ")
            html.live("beatsMissed", NumberText.grouped(status.beatsMissed))
            html.text(" missed.")
        }
        reason(.stopping, status) { $0.text(" It reported that it shuts down.") }
        reason(.reported, status) { $0.text(" It reports a problem.") }
        reason(.shardsDown, status) { html in
            html.text(" ")
            html.live("shardsDown", NumberText.grouped(status.shardsDown))
            html.text(" of ")
            html.live("shardCount", NumberText.grouped(status.shardCount))
            html.text(" shards are down; some servers may get new numbers late.")
        }
        reason(.latency, status) { html in
            html.text(" Discord takes ")
            html.live("latencyMs", NumberText.grouped(status.latencyMilliseconds ?? 0))
            html.text(" ms to answer it; new numbers may be late.")
        }
        reason(.neverSeen, status) {
            $0.text(" No heartbeat has arrived yet. Connect the bot: one call every 30 seconds is enough.")
        }
        reason(.unread, status) { html in
            html.text(" The database has been unreachable since ")
            html.liveTime("asOf", status.asOf, clock)
            html.text(".")
        }
    }

    private mutating func reason(_ reason: BotReason, _ status: BotStatus, content: Content) {
        element("span", .only(while: [.reason(reason)], status), content)
    }
}
