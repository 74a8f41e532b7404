internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Synchronization

/// The pages that each session received last.
///
/// They are shown again, with their age, while the database is unreachable.
///
/// A page is shown only then, and only to the session that received the same bytes, for as long as it had access. A
/// change of rights drops the pages it affects, also pages still being built; an expiry time is stored with each page.
/// Two generations bound the memory, as in `WindowCounter`.
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
        /// When the session, or one of its memberships, expires.
        let expires: Timestamp
    }

    private struct Pages {
        var young: [Key: Page] = [:]
        var old: [Key: Page] = [:]
        /// Bytes in the young generation.
        var size = 0
        /// Incremented by every change of rights.
        var epoch: UInt64 = 0
        var lookups = CacheCounts()
    }

    /// The notice is inserted after these bytes.
    ///
    /// Each page has them exactly once, because user input has its angle brackets escaped.
    static let place: StaticString = "\n<main id=\"main\" tabindex=\"-1\">\n"

    private let pages = Mutex(Pages())
    /// Bytes of both generations together.
    private let capacity: Int

    init(capacity: Int = 16_777_216) { self.capacity = capacity }

    /// Read this before the access check of a request.
    var epoch: UInt64 { pages.withLock { $0.epoch } }

    /// Stores a page, unless rights changed since `epoch`: the session may have lost access to it.
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

    /// A page in both generations counts twice.
    var counts: CacheCounts {
        pages.withLock { pages in
            var counts = pages.lookups
            counts.entries = pages.young.count + pages.old.count
            return counts
        }
    }

    /// Drops the pages that the change affects.
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
