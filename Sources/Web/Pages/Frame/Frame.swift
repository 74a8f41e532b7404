internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The data that every page shows around its content.
struct Frame: Sendable {
    /// The signed-in person.
    struct Person: Sendable {
        let id: UserID
        let name: String
    }

    /// A server that the person can open.
    struct Server: Sendable {
        let guild: GuildID
        let name: String
        let icon: String?
    }

    /// The server of the page.
    struct Place: Sendable {
        let server: Server
        let level: Level
        /// Some pages are only for members of the server.
        let menu: [NavigationItem]
    }

    var person: Person?
    var place: Place?
    /// All servers that the person can open, by name.
    var servers: [Server] = []
    var theme: Theme?
    /// The CSRF token of the page; nil without a session, which needs none.
    var token: String?
    let assets: Assets
    /// The address to reload the page.
    var here = ReturnPath.home
    var clock: PageClock
    var status: BotStatus?

    init(assets: Assets, clock: PageClock) {
        self.assets = assets
        self.clock = clock
    }

    init(_ world: World, _ request: Request, _ session: Session?) {
        self.init(assets: world.assets, clock: PageClock(now: world.now()))
        theme = Theme(request.headers)
        status = world.live.latest
        if let session {
            person = Person(id: session.user, name: session.username)
            token = FormToken.forPages(of: session, keys: world.keys)
        }
        // The address of the callback contains Discord's code, which must not appear on a page.
        if request.method == .get, request.path != PagePath.signInCallback.template {
            here = ReturnPath(request.address) ?? .home
        }
    }

    init(_ call: Call) { self.init(call.world, call.request, call.session) }

    /// True if the person may change the page's content; the endpoints check it again.
    var isAdmin: Bool { place?.level == .admin }

    var state: BotState { status?.state ?? .unknown }
}
