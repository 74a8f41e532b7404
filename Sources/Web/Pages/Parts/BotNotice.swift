internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The bot's state in a sentence or two, updated by script: one notice for each state, of which one is shown.
    mutating func botNotice(_ known: BotStatus?, _ clock: PageClock) {
        let status = known ?? BotStatus(asOf: clock.now)
        for state in BotState.allCases {
            element("div", .only(while: [.state(state)], status)) { html in
                html.notice(state == .unknown ? nil : Tone(state), icon: state == .unknown ? .clock : nil) { html in
                    html.strong(text: state.headline)
                    html.botReasons(status, clock)
                    if state != .unknown { html.facts(of: state, status, clock) }
                }
            }
        }
    }

    private mutating func facts(of state: BotState, _ status: BotStatus, _ clock: PageClock) {
        text(" Last heartbeat ")
        liveTime("lastHeartbeat", status.lastHeartbeat, clock)
        guard state != .offline else { return text(". Existing data stays readable.") }
        text(". Shards: ")
        live("shardCount", NumberText.grouped(status.shardCount))
        text(", down: ")
        live("shardsDown", NumberText.grouped(status.shardsDown))
        text(". Latency: ")
        live("latencyMs", status.latencyMilliseconds.map { NumberText.grouped($0) } ?? NumberText.none)
        text(" ms. Version: ")
        element("bdi", []) { $0.live("version", status.version ?? NumberText.none) }
        text(".")
    }
}

extension BotState {
    fileprivate var headline: String {
        self == .unknown ? "Bot status unknown." : "The bot is \(label.lowercased())."
    }
}
