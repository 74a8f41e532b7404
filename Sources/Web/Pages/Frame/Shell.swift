internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// One breadcrumb.
struct Crumb: Sendable {
    let label: String
    let link: Link
}

/// The place of a page: its name, its breadcrumbs, and the marked entry of the navigation.
struct PagePlace: Sendable {
    /// The parts of the site outside any server.
    enum Section { case servers, profile }

    let title: String
    var section: Section?
    var item: NavigationItem?
    /// Between the server and the page.
    var crumbs: [Crumb] = []
}

extension HTML {
    /// A page for a signed-in person: navigation at the side, breadcrumbs above.
    mutating func shellPage(_ place: PagePlace, _ frame: Frame, content: Content) {
        let title = DocumentTitle(place.title, in: frame.place?.server.name ?? "Tracking Dashboard")
        document(title, frame, showsStatus: true) { html in
            html.markup("<div class=\"shell\">\n")
            html.sideNavigation(place, frame)
            html.markup("\n<div class=\"page\">\n")
            html.topBar(place, frame)
            html.markup(LastPages.place)
            content(&html)
            html.markup("\n</main>\n")
            html.pageFooter { $0.lastBeat(frame) }
            html.markup("\n</div>\n</div>")
        }
    }

    private mutating func topBar(_ place: PagePlace, _ frame: Frame) {
        section(.class("topbar"), .fixed("aria-label", "Where you are")) { html in
            html.nav(.fixed("aria-label", "Breadcrumb")) { html in
                html.ol(.class("crumbs")) { html in html.crumbs(place, frame) }
            }
            let guild = frame.place?.server.guild
            html.botBadge(frame.state, guild.map { PagePath.guildStatus.link($0) } ?? PagePath.status.link())
        }
    }

    private mutating func crumbs(_ place: PagePlace, _ frame: Frame) {
        var way: [Crumb] = []
        if let server = frame.place?.server {
            way.append(Crumb(label: "Servers", link: PagePath.servers.link()))
            if place.item != .overview {
                way.append(Crumb(label: server.name, link: PagePath.overview.link(server.guild)))
            }
        }
        for crumb in way + place.crumbs {
            li { html in html.a(.href(crumb.link)) { $0.name(crumb.label) } }
        }
        let here = place.item == .overview ? frame.place?.server.name ?? place.title : place.title
        li(.fixed("aria-current", "page")) { $0.name(here) }
    }

    private mutating func lastBeat(_ frame: Frame) {
        let status = frame.status ?? BotStatus(asOf: frame.clock.now)
        p { html in
            html.text("Bot ")
            html.live("state", frame.state.label.lowercased())
            html.element("span", .only(while: BotState.seen, status)) { html in
                html.text(", last heartbeat ")
                html.liveTime("lastHeartbeat", status.lastHeartbeat, frame.clock)
            }
            html.text(" · Times: \(frame.clock.zoneName)")
        }
    }

    /// The end of every page; its first part differs.
    mutating func pageFooter(first: Content) {
        footer(.class("foot")) { html in
            first(&html)
            html.markup(
                """
                <ul><li><button type="button" data-help hidden>Keyboard shortcuts</button></li>\
                <li><a href="/status">Status</a></li><li><a href="/docs">API</a></li>\
                <li><a href="/terms">Terms</a></li><li><a href="/privacy">Privacy</a></li></ul>
                """)
        }
    }
}
