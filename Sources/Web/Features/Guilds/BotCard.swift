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
                guard status.state != .unknown else { return }
                html.span(.class("small")) { html in
                    html.text("state changed ")
                    html.liveTime("since", status.since, clock)
                }
            }
            html.div(.class("body")) { html in
                html.botRemarks(status, queue, clock)
                if status.state != .unknown { html.botFacts(status, queue, clock) }
            }
            if let guild = frame.place?.server.guild {
                html.footer { $0.a(.href(PagePath.guildStatus.link(guild)), text: "Bot status") }
            }
        }
    }

    private mutating func botRemarks(_ status: BotStatus, _ queue: BotQueue?, _ clock: PageClock) {
        onlyWhile([.offline], status.state) { html in
            html.text("Last data ")
            html.liveTime("lastHeartbeat", status.lastHeartbeat, clock)
            html.text(", ")
            html.live("beatsMissed", NumberText.grouped(status.beatsMissed))
            html.text(" heartbeats missed. You can still browse everything below.")
        }
        onlyWhile([.degraded], status.state) { html in
            html.live("shardsDown", NumberText.grouped(status.shardsDown))
            html.text(" of ")
            html.live("shardCount", NumberText.grouped(status.shardCount))
            html.text(" shards are down; some servers may get new numbers late.")
        }
        onlyWhile([.unknown], status.state) { html in
            html.text(
                status.lastHeartbeat == nil
                    ? "No heartbeat has arrived yet. Connect the bot: one call every 30 seconds is enough."
                    : "The bot's status is unknown, because the database is unreachable.")
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
