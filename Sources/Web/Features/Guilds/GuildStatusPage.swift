internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The bot's status for a guild's members: with the queue of their server.
enum GuildStatusPage {
    struct View: Sendable {
        let queue: BotQueue?
        let history: BotHistory
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.guildStatus, .page, needs: .viewer, "The bot's status, with a server's queue", .html
    ) { call, access in
        let frame = try await Frame.guild(call, access)
        let queue = try await call.database.read(BotHealth.queue, in: access)
        let status = frame.status ?? BotStatus(asOf: frame.clock.now)
        let history = try await call.world.uptime.read(with: status, call.database)
        let view = View(queue: queue, history: history)
        return .page(PagePlace(title: "Bot status", item: .status), frame) { write(view, frame, to: &$0) }
    }

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader("Bot status", lead: { $0.text("The state of the tracking bot, measured by its heartbeats.") })
        html.botNotice(frame.status, frame.clock)
        html.bodyCard(CardTitle("now", "Now")) { html in
            html.botFacts(frame.status ?? BotStatus(asOf: frame.clock.now), view.queue, frame.clock)
            html.queue(view.queue, frame.clock)
        }
        html.uptime(view.history, frame.clock)
    }
}

extension HTML {
    fileprivate mutating func queue(_ queue: BotQueue?, _ clock: PageClock) {
        p(.class("small muted")) { html in
            guard let queue else { return html.text("The bot has not reported this server’s queue yet.") }
            html.text("Queue reported ")
            html.time(queue.updatedAt, clock)
            if let oldest = queue.oldestJob {
                html.text(". Oldest task: ")
                html.time(oldest, clock)
            }
            html.text(".")
        }
    }
}
