internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The text width of a page without navigation.
enum PlainWidth: String, Sendable {
    case wide = ""
    /// Sign-in and errors.
    case narrow
    case text
}

/// The public pages, linked in the head of all pages without navigation.
enum PublicPage: Sendable {
    case status, docs, login
}

extension HTML {
    /// A page without side navigation: public pages and errors.
    mutating func plainPage(
        _ title: String, _ frame: Frame, width: PlainWidth = .wide, current: PublicPage? = nil, content: Content
    ) {
        document(DocumentTitle(title), frame, showsStatus: current == .status) { html in
            html.markup("<div class=\"plain\">\n<header class=\"top\"><a class=\"brand\" href=\"/\">")
            html.logo()
            html.markup("Tracking Dashboard</a><nav aria-label=\"Main\"><ul>")
            html.topLink("Status", PagePath.status.link(), current == .status)
            html.topLink("API", PagePath.docs.link(), current == .docs)
            if frame.person == nil {
                html.topLink("Sign in", PagePath.login.link(), current == .login)
            } else {
                html.topLink("Servers", PagePath.servers.link(), false)
                html.li { html in html.postButton("Sign out", PagePath.logout.link(), frame, "link") }
            }
            html.markup("</ul></nav>")
            html.themeSwitch(frame)
            html.markup("</header>\n")
            let width = width == .wide ? nil : width.rawValue
            html.main(.id("main"), .integer("tabindex", -1), .text("class", width), content: content)
            html.markup("\n")
            html.pageFooter { $0.p(text: "Tracking Dashboard") }
            html.markup("\n</div>")
        }
    }

    private mutating func topLink(_ label: String, _ link: Link, _ isCurrent: Bool) {
        li { html in html.a(.href(link), .text("aria-current", isCurrent ? "page" : nil), text: label) }
    }
}

extension Response {
    /// A page for a signed-in person.
    static func page(_ place: PagePlace, _ frame: Frame, capacity: Int = 32_768, content: HTML.Content) -> Response {
        var html = HTML(capacity: capacity)
        html.shellPage(place, frame, content: content)
        return .text(200, "text/html; charset=utf-8", html.finish())
    }

    /// A public page or an error.
    static func plainPage(
        _ title: String, _ frame: Frame, status: Int = 200, width: PlainWidth = .wide, current: PublicPage? = nil,
        content: HTML.Content
    ) -> Response {
        var html = HTML()
        html.plainPage(title, frame, width: width, current: current, content: content)
        return .text(status, "text/html; charset=utf-8", html.finish())
    }
}
