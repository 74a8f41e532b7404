internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension BotHistory {
    /// One of `24h`, `7d`, `30d`, `90d`.
    func uptime(_ period: String) -> BotUptime? { periods.first { $0.name == period }?.uptime }
}

extension HTML {
    /// The bot's uptime: four figures, bars by day, and incidents.
    ///
    /// With `incidentsMore`, a link to all incidents, only the newest three are shown.
    mutating func uptime(_ history: BotHistory, _ clock: PageClock, incidentsMore: Link? = nil) {
        stats { html in
            html.uptimeStat("Uptime, 24 hours", history.uptime("24h"))
            html.uptimeStat("Uptime, 7 days", history.uptime("7d"))
            html.uptimeStat("Uptime, 30 days", history.uptime("30d"))
            html.uptimeStat("Uptime, 90 days", history.uptime("90d"))
        }
        bodyCard(CardTitle("uptime", "Uptime", remark: "Days in UTC")) { html in
            html.columns { html in
                html.uptimeBars("Last 7 days", history.days.suffix(7), total: history.uptime("7d")?.share)
                html.uptimeBars("Last 30 days", history.days.suffix(30), total: history.uptime("30d")?.share)
            }
            html.uptimeBars("Last 90 days", history.days, total: history.uptime("90d")?.share)
            html.uptimeLegend()
        }
        incidents(history.incidents, clock, more: incidentsMore)
    }

    private mutating func uptimeStat(_ label: String, _ uptime: BotUptime?) {
        let away = Int64(saturating: (uptime?.offline ?? 0).rounded(.down))
        let note = uptime?.share == nil ? "not recorded" : away > 0 ? "\(DurationText.text(away)) down" : "no downtime"
        stat(label, note: note) { $0.text(DurationText.uptime(uptime?.share)) }
    }

    private mutating func incidents(_ all: [BotIncident], _ clock: PageClock, more: Link?) {
        let incidents = more == nil ? all : Array(all.prefix(3))
        let footer: Content? =
            more.flatMap { link in
                all.count > incidents.count ? { $0.a(.href(link), text: "All incidents") } : nil
            }
        let title = CardTitle("incidents", "Incidents", remark: incidents.isEmpty ? nil : "newest first")
        bodyCard(title, footer: footer) { html in
            guard !incidents.isEmpty else {
                return html.p(
                    .class("muted"), text: "No incidents so far.")
            }
            html.timeline { html in for incident in incidents { html.incident(incident, clock) } }
        }
    }

    private mutating func incident(_ incident: BotIncident, _ clock: PageClock) {
        let length = DurationText.text((incident.endedAt ?? clock.now).seconds(since: incident.startedAt))
        timelineEntry(Tone(incident.state)) { html in
            html.strong(text: "\(incident.state.label) \(incident.endedAt == nil ? "now, " : "")for \(length).")
            html.text(" \(incident.words) ")
            html.time(incident.startedAt, clock)
        }
    }
}

extension BotIncident {
    fileprivate var words: String {
        switch reason {
        case "silence": "Heartbeats stopped."
        case "stopping": "Shut down on purpose."
        case "reported": "Reported a problem."
        case "shards_down": "Some of its shards were down."
        case "latency": "It took more than a second to reach Discord."
        default: ""
        }
    }
}
