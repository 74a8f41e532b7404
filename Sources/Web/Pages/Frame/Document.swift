internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The title of a page, without the mark of the bot's state.
struct DocumentTitle: Sendable {
    let text: String

    /// The isolates keep right-to-left names from reordering the rest.
    init(_ page: String, in place: String = "Tracking Dashboard") {
        text = "\u{2068}\(page)\u{2069} · \u{2068}\(place)\u{2069}"
    }
}

extension HTML {
    /// The whole document around a page's content; its title and icon may show the bot's state.
    mutating func document(_ title: DocumentTitle, _ frame: Frame, showsStatus: Bool, content: Content) {
        markup("<!DOCTYPE html>\n<html lang=\"en\" data-theme=\"")
        text(frame.theme?.rawValue ?? "system")
        markup(#"" data-now=""#)
        out.plainTime(Timestamp(seconds: frame.clock.now.seconds))
        zone(of: frame.clock)
        markup("\">\n")
        head(title, frame, showsStatus: showsStatus)
        openBody(frame, showsStatus: showsStatus)
        markup("\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n")
        content(&self)
        markup("\n<p class=\"visually-hidden\" aria-live=\"polite\" data-announce></p>\n</body>\n</html>\n")
    }

    /// The page's time zone, for times that scripts write.
    private mutating func zone(of clock: PageClock) {
        let local = clock.zone.local(clock.now)
        markup(#"" data-offset=""#)
        integer(Int64(local.offset))
        markup(#"" data-zone=""#)
        text(local.abbreviation)
    }

    private mutating func head(_ title: DocumentTitle, _ frame: Frame, showsStatus: Bool) {
        markup(
            """
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">\n
            """)
        element("title", [.text("data-base", title.text)]) { html in
            if showsStatus { html.text(frame.state.titleMark) }
            html.text(title.text)
        }
        void(
            "link",
            [
                .fixed("rel", "icon"), .fixed("type", "image/svg+xml"),
                .href(showsStatus ? frame.assets.favicon(frame.state) : frame.assets.link("favicon-good.svg")),
            ])
        void("link", [.fixed("rel", "stylesheet"), .href(frame.assets.link("dashboard.css"))])
        element("script", [.fixed("type", "module"), .source(frame.assets.link("dashboard.js"))]) { _ in }
        markup("\n</head>\n")
    }

    /// A page of a server follows the state with a stream, other pages ask for it now and then.
    private mutating func openBody(_ frame: Frame, showsStatus: Bool) {
        markup("<body")
        if let person = frame.person {
            markup(#" data-user=""#)
            integer(person.id.number)
            markup("\"")
        }
        if let guild = frame.place?.server.guild {
            markup(#" data-status-stream=""#)
            text(PagePath.statusStream.link(guild).text)
            markup("\"")
        } else if showsStatus {
            markup(" data-status-poll")
        }
        markup(">")
    }
}

extension Assets {
    func favicon(_ state: BotState) -> Link {
        switch Tone(state) {
        case .good: link("favicon-good.svg")
        case .warn: link("favicon-warn.svg")
        case .bad: link("favicon-bad.svg")
        case .neutral, .accent: link("favicon-neutral.svg")
        }
    }
}
