internal import Domain
internal import Formats
internal import HTTP
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
