internal import Domain
internal import Persistence
internal import Synchronization

/// What each session last saw of its pages, shown again, with its age, while the database is away.
///
/// Only then, and only to the session that has had the very same bytes, for as long as it could have had them: what ends
/// a right drops the pages, also those that are still on their way, and an end by time is kept with each. Two
/// generations, as in `WindowCounter`: however many pages are seen, the memory is bounded.
final class LastPages: Sendable {
    struct Key: Hashable, Sendable {
        let session: SessionID
        /// Path and query.
        let address: String
    }

    struct Page: Sendable {
        let body: Bytes
        let seen: Timestamp
        let user: UserID
        let guild: GuildID?
        /// When the session, or one of its memberships, runs out.
        let expires: Timestamp
    }

    private struct Pages {
        var young: [Key: Page] = [:]
        var old: [Key: Page] = [:]
        /// Bytes in the young generation.
        var size = 0
        /// Grows with every change of rights.
        var epoch: UInt64 = 0
        var lookups = CacheCounts()
    }

    /// Where the notice goes, as each page has it exactly once: text from outside has its angle brackets escaped.
    static let place: StaticString = "\n<main id=\"main\" tabindex=\"-1\">\n"

    private let pages = Mutex(Pages())
    /// In bytes, of both generations together.
    private let capacity: Int

    init(capacity: Int = 16_777_216) { self.capacity = capacity }

    /// To be taken before a request looks at what it may do.
    var epoch: UInt64 { pages.withLock { $0.epoch } }

    /// Keeps a page, unless rights changed since that epoch: then it may be one that its session may no longer see.
    func keep(_ page: Page, at key: Key, since epoch: UInt64) {
        pages.withLock { pages in
            guard pages.epoch == epoch else { return }
            pages.size += page.body.count - (pages.young[key]?.body.count ?? 0)
            pages.young[key] = page
            guard pages.size > capacity / 2 else { return }
            pages.old = pages.young
            pages.young = [:]
            pages.size = 0
        }
    }

    func page(at key: Key, _ now: Timestamp) -> Page? {
        pages.withLock { pages in
            let page = (pages.young[key] ?? pages.old[key]).flatMap { $0.expires > now ? $0 : nil }
            pages.lookups.count(isHit: page != nil)
            return page
        }
    }

    /// A page that is in both generations counts twice.
    var counts: CacheCounts {
        pages.withLock { pages in
            var counts = pages.lookups
            counts.entries = pages.young.count + pages.old.count
            return counts
        }
    }

    /// Forgets what may no longer be seen.
    func forget(_ change: RightsChange) {
        pages.withLock { pages in
            pages.epoch += 1
            pages.young = pages.young.filter { !$1.isTouched(by: change, of: $0.session) }
            pages.old = pages.old.filter { !$1.isTouched(by: change, of: $0.session) }
            pages.size = pages.young.values.reduce(0) { $0 + $1.body.count }
        }
    }
}

extension LastPages.Page {
    fileprivate func isTouched(by change: RightsChange, of session: SessionID) -> Bool {
        switch change {
        case .session(let id): session == id
        case .user(let id): user == id
        // A page without a guild lists several.
        case .guild(let id): guild == nil || guild == id
        case .everyone: true
        }
    }
}

extension Site {
    func keepForLater(_ response: Response, _ visit: Visit, since epoch: UInt64) {
        guard visit.endpoint.kind == .page, visit.endpoint.access != .anyone, visit.request.method == .get,
            response.status == 200, case .bytes(let body) = response.body, let session = visit.identity.session
        else { return }
        let guild = visit.segments.first.flatMap { GuildID($0) }
        world.lastPages.keep(
            .init(body: body, seen: world.now(), user: session.user, guild: guild, expires: session.expires),
            at: .init(session: session.id, address: visit.request.address), since: epoch)
    }

    /// The page as this browser last saw it, where its access token, which needs no database, still holds.
    func lastSeen(_ visit: Visit) -> Response? {
        guard visit.endpoint.kind == .page, visit.request.method == .get,
            let text = try? Cookies(visit.request.headers).value(world.cookies.access),
            let token = AccessToken(ArraySlice(text.utf8), keys: world.keys, now: world.now().seconds),
            let page = world.lastPages.page(
                at: .init(session: token.session, address: visit.request.address), world.now())
        else { return nil }
        var html = HTML(capacity: page.body.count + 1_024)
        html.lastSeen(page, PageClock(now: world.now()), again: Link(ReturnPath(visit.request.address) ?? .home))
        var response = Response.text(200, "text/html; charset=utf-8", html.finish())
        response.add("Dashboard-As-Of", text: page.seen.description)
        return response
    }
}

extension HTML {
    fileprivate mutating func lastSeen(_ page: LastPages.Page, _ clock: PageClock, again: Link) {
        let bytes = page.body.span
        let end = bytes.end(of: LastPages.place) ?? 0
        out.raw(bytes.extracting(0..<end))
        notice(.warn, action: { $0.button("Try again", again) }) { html in
            html.strong(text: "The database cannot be reached right now.")
            html.text(" This is the page as of ")
            html.exactTime(page.seen, clock)
            html.text(", and nothing can be changed until it is back.")
        }
        out.raw(bytes.extracting(end..<bytes.count))
    }
}

extension Span<UInt8> {
    /// The index behind the first place where these bytes are.
    fileprivate func end(of text: StaticString) -> Int? {
        let length = text.utf8CodeUnitCount
        guard length <= count else { return nil }
        return text.withUTF8Buffer { wanted in
            (0...count - length).first { start in (0..<length).allSatisfy { unsafe self[start + $0] == wanted[$0] } }
                .map { $0 + length }
        }
    }
}
