internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The public status of the bot.
enum StatusPage {
    struct View: Sendable {
        let status: BotStatus?
        /// Nil if it cannot be read.
        let history: BotHistory?
    }

    static func response(_ call: Call) async -> Response {
        let status = call.world.live.latest
        let frame = Frame(call)
        let known = status ?? BotStatus(asOf: frame.clock.now)
        let view = View(status: status, history: try? await call.world.uptime.read(with: known, call.database))
        return .plainPage("Bot status", frame, current: .status) { write(view, frame, to: &$0) }
    }

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader(
            "Bot status", lead: { $0.text("The state of the tracking bot, measured by its heartbeats. Times in UTC.") })
        html.botNotice(view.status, frame.clock)
        if let history = view.history {
            html.uptime(history, frame.clock)
        } else {
            html.notice(.warn) { html in
                html.strong(text: "The history cannot be read right now.")
                html.text(" The database is unreachable; the dashboard reconnects automatically.")
            }
        }
    }
}
