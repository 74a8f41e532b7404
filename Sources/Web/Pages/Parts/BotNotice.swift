internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The bot's state in a sentence or two.
    mutating func botNotice(_ status: BotStatus?, _ clock: PageClock) {
        guard let status, let beat = status.lastHeartbeat else {
            return notice(nil, icon: .clock) { html in
                html.strong(text: "The bot has never been seen.")
                html.text(" No heartbeat has arrived yet.")
            }
        }
        // The state is read every two seconds. If it is older, the database has been unreachable since.
        let isOld = clock.now.seconds(since: status.asOf) > 60
        notice(isOld ? .warn : Tone(status.state)) { html in
            html.strong(text: status.headline(isOld: isOld))
            html.text(" Last heartbeat ")
            html.time(beat, clock)
            html.remark(on: status)
            guard isOld else { return }
            html.text(" As of ")
            html.time(status.asOf, clock)
            html.text(". The database has been unreachable since.")
        }
    }

    /// The text after "last beat 12 s ago".
    private mutating func remark(on status: BotStatus) {
        if status.state == .offline {
            let missed = CountText.text(status.beatsMissed, "heartbeat")
            return text(", \(missed) missed. Existing data stays readable.")
        }
        text(". \(status.shardCount - status.shardsDown) of \(CountText.text(status.shardCount, "shard")) up")
        if let latency = status.latencyMilliseconds { text(", latency \(NumberText.grouped(latency)) ms") }
        if let version = status.version {
            text(", version ")
            name(version)
        }
        text(".")
    }
}

extension BotStatus {
    fileprivate func headline(isOld: Bool) -> String {
        if state == .unknown { return "Bot status unknown." }
        return "The bot \(isOld ? "was" : "is") \(state.label.lowercased())."
    }
}
