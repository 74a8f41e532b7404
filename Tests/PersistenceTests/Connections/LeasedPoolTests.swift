import Domain
import Formats
import Testing

@testable import Persistence

/// A connection that a pool leases.
final class LeasedStandIn: LeasedPoolConnection {
    var isReusable = true
    let opened: ContinuousClock.Instant
    var lastUsed: ContinuousClock.Instant
    var holder: ClientID?

    init(opened: ContinuousClock.Instant = .now) { (self.opened, lastUsed) = (opened, opened) }
}

@Suite struct `The pool of leased connections` {
    private typealias Pool = LeasedPool<LeasedStandIn, Int>

    private let start = ContinuousClock.now
    private let a = ClientID(number: 1)
    private let b = ClientID(number: 2)

    private func pool(limit: Int = 4) -> Pool {
        var limits = Database.Limits()
        limits.leased = limit
        return Pool(limits)
    }

    /// Opens a connection for an entry that waits.
    private func open(_ pool: inout Pool, for entry: Int, of client: ClientID?) -> LeasedStandIn {
        let connection = LeasedStandIn(opened: start)
        #expect(pool.wait(entry, of: client, at: start) == true)
        #expect(pool.connected(connection, at: start).leased == entry)
        return connection
    }

    @Test func `opens a connection for each request until the limit is reached`() {
        var pool = pool()
        #expect(pool.take(for: nil) == nil)
        #expect((1...6).map { pool.wait($0, of: nil, at: start) } == [true, true, true, true, false, false])
        #expect([pool.use.open, pool.use.busy, pool.use.waiting] == [4, 4, 6])
        let connection = LeasedStandIn(opened: start)
        #expect(pool.connected(connection, at: start).leased == 1)
        #expect(pool.giveBack(connection, at: start).leased == 2)
        #expect([pool.use.open, pool.use.busy, pool.use.waiting] == [4, 4, 4])
    }

    @Test func `leases the connection that was idle last, and none twice`() {
        var pool = pool()
        let all = (1...2).map { open(&pool, for: $0, of: nil) }
        for connection in all { #expect(pool.giveBack(connection, at: start).isKept == true) }
        #expect([pool.use.open, pool.use.busy] == [2, 0])
        #expect(pool.take(for: a) === all[1])
        #expect(all[1].holder == a)
        #expect(pool.take(for: nil) === all[0])
        #expect(pool.take(for: nil) == nil)
        #expect(pool.giveBack(all[1], at: start).isKept == true)
        #expect(all[1].holder == nil)
    }

    @Test func `confines a tenant to half of the connections, idle or opened for it`() {
        var pool = pool()
        let all = (1...2).map { open(&pool, for: $0, of: a) }
        #expect(all.allSatisfy { $0.holder == a })
        #expect(pool.wait(3, of: a, at: start) == false)
        let other = open(&pool, for: 4, of: b)
        // The tenant's request waits on, though it is the first.
        #expect(pool.giveBack(other, at: start).isKept == true)
        #expect(pool.take(for: a) == nil)
        #expect(pool.take(for: b) === other)
        #expect(pool.giveBack(all[0], at: start).leased == 3)
        #expect(all[0].holder == a)
    }

    @Test func `leaves a tenant the only connection there is`() {
        var pool = pool(limit: 1)
        let only = open(&pool, for: 1, of: a)
        #expect(pool.wait(2, of: a, at: start) == false)
        #expect(pool.giveBack(only, at: start).leased == 2)
    }

    @Test func `gives a new connection to the first request that may have it, or keeps it`() {
        var pool = pool()
        let first = open(&pool, for: 1, of: a)
        #expect(pool.wait(2, of: b, at: start) == true)
        #expect(pool.giveBack(first, at: start).leased == 2)
        #expect(pool.connected(LeasedStandIn(opened: start), at: start).isKept == true)
        #expect(pool.idle.count == 1)
    }

    @Test func `times out a request after 3 seconds, and no other`() {
        var pool = pool(limit: 1)
        let only = open(&pool, for: 1, of: nil)
        for (ticket, milliseconds) in [(2, 0), (3, 0), (4, 500)] {
            #expect(pool.wait(ticket, of: nil, at: start + .milliseconds(milliseconds)) == false)
        }
        #expect(pool.giveBack(only, at: start + .seconds(1)).leased == 2)
        #expect(pool.overdue(at: start + .milliseconds(2_999)) == [])
        #expect(pool.overdue(at: start + .seconds(3)) == [3])
        #expect(pool.overdue(at: start + .milliseconds(3_500)) == [4])
        #expect(pool.giveBack(only, at: start + .seconds(4)).isKept == true)
    }

    @Test func `fails one request with each attempt that failed`() {
        var pool = pool()
        for ticket in 1...2 { #expect(pool.wait(ticket, of: a, at: start) == true) }
        #expect(pool.failed() == 1)
        #expect(pool.overdue(at: start + .seconds(3)) == [2])
        #expect(pool.failed() == nil)
        #expect(pool.opening == 0)
    }

    @Test func `closes a connection that cannot be used again, and opens another for those that wait`() {
        var pool = pool(limit: 1)
        let only = open(&pool, for: 1, of: nil)
        #expect(pool.wait(2, of: nil, at: start) == false)
        only.isReusable = false
        #expect(pool.giveBack(only, at: start).isClosed == true)
        #expect(pool.lost(only) == true)
        #expect(pool.opening == 1)
        let next = LeasedStandIn(opened: start)
        #expect(pool.connected(next, at: start).leased == 2)
        // Nothing waits for another.
        #expect(pool.lost(next) == false)
        #expect(pool.open.isEmpty)
    }

    @Test func `forgets an idle connection that was lost`() {
        var pool = pool()
        let connection = open(&pool, for: 1, of: a)
        #expect(pool.giveBack(connection, at: start).isKept == true)
        #expect(pool.lost(connection) == false)
        #expect(pool.take(for: a) == nil)
        #expect(pool.use.open == 0)
    }

    @Test func `serves a tenant that returned a lost connection with an idle or new one`() {
        for hasIdle in [true, false] {
            var pool = pool()
            let all = (1...2).map { open(&pool, for: $0, of: a) }
            if hasIdle {
                let idle = open(&pool, for: 3, of: b)
                #expect(pool.giveBack(idle, at: start).isKept == true)
            }
            #expect(pool.lost(all[0]) == false)
            #expect(pool.wait(4, of: a, at: start) == false)
            #expect(pool.next() == nil)
            #expect(pool.beginOpeningForWaiting() == false)
            all[0].isReusable = false
            #expect(pool.giveBack(all[0], at: start).isClosed == true)
            #expect(pool.next()?.entry == (hasIdle ? 4 : nil))
            #expect(pool.beginOpeningForWaiting() == !hasIdle)
            #expect(pool.beginOpeningForWaiting() == false)
        }
    }

    @Test func `closes a connection after its lifetime, of which up to a tenth is random`() {
        var pool = pool()
        let all = (1...4).map { open(&pool, for: $0, of: nil) }
        #expect(pool.giveBack(all[0], at: start + .seconds(1_800)).isKept == true)
        for connection in all[1...] { #expect(pool.giveBack(connection, at: start + .seconds(1_981)).isClosed == true) }
    }

    @Test func `closes connections that were idle for a minute`() {
        var pool = pool()
        let all = (1...3).map { open(&pool, for: $0, of: nil) }
        for connection in all[0...1] { #expect(pool.giveBack(connection, at: start).isKept == true) }
        all[1].lastUsed = start + .seconds(5)
        #expect(pool.unused(at: start + .milliseconds(59_999)).isEmpty)
        #expect(pool.unused(at: start + .seconds(60)).map(ObjectIdentifier.init) == [ObjectIdentifier(all[0])])
        #expect(pool.unused(at: start + .seconds(65)).count == 2)
    }

    @Test func `starts nothing after it was stopped`() {
        var pool = pool(limit: 2)
        let leased = open(&pool, for: 1, of: a)
        #expect(pool.wait(2, of: b, at: start) == true)
        #expect(pool.wait(3, of: b, at: start) == false)
        #expect(pool.stop() == [2, 3])
        #expect(pool.giveBack(leased, at: start).isClosed == true)
        #expect(pool.connected(LeasedStandIn(opened: start), at: start).isClosed == true)
        #expect(pool.lost(leased) == false)
        #expect(pool.wait(4, of: a, at: start) == false)
    }
}

extension LeasedPool.Use {
    /// The entry of a lease.
    var leased: Entry? { if case .lease(let entry) = self { entry } else { nil } }
    var isKept: Bool { if case .keep = self { true } else { false } }
    var isClosed: Bool { if case .close = self { true } else { false } }
}
