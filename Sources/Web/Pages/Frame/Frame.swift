internal import Domain
internal import Persistence

/// What every page shows around its content.
struct Frame: Sendable {
    /// Who is signed in.
    struct Person: Sendable {
        let id: UserID
        let name: String
    }

    /// A server that the person can go to.
    struct Server: Sendable {
        let guild: GuildID
        let name: String
        let icon: String?
    }

    /// The server that the page is about.
    struct Place: Sendable {
        let server: Server
        let level: Level
        /// The pages that the person may read.
        let menu: [NavigationItem]
    }

    var person: Person?
    var place: Place?
    /// All that the person can go to, by name.
    var servers: [Server] = []
    var theme: Theme?
    /// Shows that a form came from this page; nil where nobody is signed in, and so nothing to protect.
    var token: String?
    let assets: Assets
    /// Where the page can be loaded again.
    var here = ReturnPath.home
    var clock: PageClock
    var status: BotHealth.Status?

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
        // The address of a callback holds Discord's code, which belongs in no page.
        if request.method == .get, request.path != PagePath.signInCallback.template {
            here = ReturnPath(request.address) ?? .home
        }
    }

    init(_ call: Call) { self.init(call.world, call.request, call.session) }

    /// Whether the person may change what the page shows; the endpoints decide it once more.
    var isAdmin: Bool { place?.level == .admin }

    var state: BotState { status?.state ?? .unknown }
}
