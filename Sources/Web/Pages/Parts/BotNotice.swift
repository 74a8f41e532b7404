internal import Domain
internal import Persistence

extension HTML {
    /// How the bot is, in a sentence or two.
    mutating func botNotice(_ status: BotHealth.Status?, _ clock: PageClock) {
        guard let status, let beat = status.lastHeartbeat else {
            return notice(nil, icon: .clock) { html in
                html.strong(text: "The bot has never been seen.")
                html.text(" No heartbeat has arrived yet.")
            }
        }
        // It is read every two seconds: what is older was read before the database went away.
        let isOld = clock.now.seconds(since: status.asOf) > 60
        notice(isOld ? .warn : Tone(status.state)) { html in
            html.strong(text: status.headline(isOld: isOld))
            html.text(" Last beat ")
            html.time(beat, clock)
            html.text(status.remark)
            guard isOld else { return }
            html.text(" That was so ")
            html.time(status.asOf, clock)
            html.text("; since then the database cannot be reached.")
        }
    }
}

extension BotHealth.Status {
    fileprivate func headline(isOld: Bool) -> String {
        if state == .unknown { return "Nobody knows how the bot is right now." }
        return "The bot \(isOld ? "was" : "is") \(state.label.lowercased())."
    }

    /// What follows "last beat 12 s ago".
    fileprivate var remark: String {
        if state == .offline {
            return ", \(CountText.text(beatsMissed, "beat")) missed. The data that it collected stays readable."
        }
        var text = ". \(shardCount - shardsDown) of \(CountText.text(shardCount, "shard")) up"
        if let latency = latencyMilliseconds { text += ", latency \(NumberText.grouped(latency)) ms" }
        if let version { text += ", version \(version)" }
        return text + "."
    }
}
