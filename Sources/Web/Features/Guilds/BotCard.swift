internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The bot's state, updated by script.
    mutating func botCard(_ frame: Frame, _ queue: BotQueue?) {
        let (status, clock) = (frame.status ?? BotStatus(asOf: frame.clock.now), frame.clock)
        section(.class("card"), .fixed("aria-labelledby", "bot")) { html in
            html.header { html in
                html.div(.class("actions")) { html in
                    html.h2(.id("bot"), text: "Bot")
                    html.botBadge(status.state)
                }
                html.element("span", [.class("small")] + .only(while: BotState.seen, status)) { html in
                    html.text("state changed ")
                    html.liveTime("since", status.since, clock)
                }
            }
            html.div(.class("body")) { html in
                html.botRemarks(status, clock)
                html.element("div", .only(while: BotState.seen, status)) { $0.botFacts(status, queue, clock) }
            }
            if let guild = frame.place?.server.guild {
                html.footer { $0.a(.href(PagePath.guildStatus.link(guild)), text: "Bot status") }
            }
        }
    }

    private mutating func botRemarks(_ status: BotStatus, _ clock: PageClock) {
        let states: [BotState] = [.degraded, .offline, .unknown]
        element("p", .only(while: states.map { .state($0) }, status)) { html in
            html.botReasons(status, clock)
            html.element("span", .only(while: [.state(.offline)], status)) { html in
                html.text(" Last data ")
                html.liveTime("lastHeartbeat", status.lastHeartbeat, clock)
                html.text(". You can still browse everything below.")
            }
        }
    }

    mutating func botFacts(_ status: BotStatus, _ queue: BotQueue?, _ clock: PageClock) {
        facts { html in
            html.fact("Last heartbeat") { $0.liveTime("lastHeartbeat", status.lastHeartbeat, clock) }
            html.fact("Shards") { html in
                html.live("shardCount", NumberText.grouped(status.shardCount))
                html.markup(#" <span class="muted">· "#)
                html.live("shardsDown", NumberText.grouped(status.shardsDown))
                html.markup(" down</span>")
            }
            html.fact("Latency (ms)") { html in
                html.live("latencyMs", status.latencyMilliseconds.map { NumberText.grouped($0) } ?? NumberText.none)
            }
            html.fact("Queue (this server)") { html in
                html.live("queueDepth", queue.map { NumberText.grouped($0.depth) } ?? NumberText.none)
            }
            html.fact("Servers") { $0.live("guildCount", NumberText.grouped(status.guildCount)) }
            html.fact("Version") { $0.live("version", status.version ?? NumberText.none) }
        }
    }
}
