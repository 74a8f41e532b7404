import Domain
import Persistence
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The last page that a session saw` {
    let pages = LastPages(capacity: 4_000)
    let now = Timestamp(seconds: 1_800_000_000)
    let key = LastPages.Key(session: SessionID(number: 1), address: "/guilds/5")

    private func page(size: Int = 10, expiresIn seconds: Int64 = 60) -> LastPages.Page {
        LastPages.Page(
            body: .copy([UInt8](repeating: 65, count: size)), seen: now, user: UserID(number: 2),
            guild: GuildID(number: 5), expires: now.adding(seconds: seconds))
    }

    @Test func `is kept until it expires`() {
        pages.keep(page(), at: key, since: pages.epoch)
        #expect(pages.page(at: key, now) != nil)
        #expect(pages.page(at: key, now.adding(seconds: 60)) == nil)
        #expect(pages.page(at: .init(session: SessionID(number: 3), address: key.address), now) == nil)
        #expect(pages.page(at: .init(session: key.session, address: key.address + "?q="), now) == nil)
    }

    @Test(arguments: [
        RightsChange.session(SessionID(number: 1)), .user(UserID(number: 2)), .guild(GuildID(number: 5)), .everyone,
    ])
    func `is dropped with the right to it, even if it is stored afterwards`(change: RightsChange) {
        let epoch = pages.epoch
        pages.keep(page(), at: key, since: epoch)
        pages.forget(change)
        #expect(pages.page(at: key, now) == nil)
        pages.keep(page(), at: key, since: epoch)
        #expect(pages.page(at: key, now) == nil)
    }

    @Test func `is kept when another session, user or guild loses a right`() {
        pages.keep(page(), at: key, since: pages.epoch)
        pages.forget(.session(SessionID(number: 9)))
        pages.forget(.user(UserID(number: 9)))
        pages.forget(.guild(GuildID(number: 9)))
        #expect(pages.page(at: key, now) != nil)
    }

    @Test func `is counted, with hits and misses`() {
        #expect(pages.counts == CacheCounts())
        pages.keep(page(), at: key, since: pages.epoch)
        _ = pages.page(at: key, now)
        _ = pages.page(at: key, now.adding(seconds: 60))
        _ = pages.page(at: .init(session: key.session, address: "/"), now)
        #expect(pages.counts == CacheCounts(entries: 1, hits: 1, misses: 2))
    }

    @Test func `takes a bounded amount of memory`() {
        for number in 1...100 {
            let key = LastPages.Key(session: SessionID(number: 1), address: "/\(number)")
            pages.keep(page(size: 1_000), at: key, since: pages.epoch)
        }
        let kept = (1...100).filter { number in
            pages.page(at: .init(session: SessionID(number: 1), address: "/\(number)"), now) != nil
        }
        #expect((1...5).contains(kept.count) && kept.last == 100)
    }
}
