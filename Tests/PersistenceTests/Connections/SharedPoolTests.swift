import Domain
import Formats
import Testing

@testable import Persistence

/// A connection with the counters that a pool reads.
final class SharedStandIn: SharedPoolConnection {
    var isSlow = false
    var preparedCount = 0
    let opened: ContinuousClock.Instant
    /// The tenant of each batch in progress.
    var batches: [ClientID?]

    init(_ batches: [ClientID?] = [], opened: ContinuousClock.Instant = .now) {
        (self.batches, self.opened) = (batches, opened)
    }

    var load: Int { batches.count }
    func hasBatches(of client: ClientID) -> Bool { batches.contains(client) }
}

@Suite struct `The pool of shared connections` {
    private typealias Pool = SharedPool<SharedStandIn, Int>

    private let start = ContinuousClock.now
    private let a = ClientID(number: 1)
    private let b = ClientID(number: 2)

    /// With these connections, of at most four.
    private func pool(_ connections: [SharedStandIn], limit: Int = 4, depth: Int = 16) -> Pool {
        var limits = Database.Limits()
        (limits.shared, limits.depth) = (limit, depth)
        var pool = Pool(limits, at: start)
        for connection in connections {
            #expect(pool.beginOpening() == true)
            #expect(pool.connected(connection) == true)
        }
        return pool
    }

    private func connections(_ loads: [Int]) -> [SharedStandIn] {
        loads.map { SharedStandIn(Array(repeating: nil, count: $0)) }
    }

    // MARK: Which connection takes a batch

    @Test func `gives a batch to the connection with the fewest, the first of several`() {
        let all = connections([3, 1, 2, 1])
        #expect(pool(all).leastBusy(for: a) === all[1])
        #expect(pool([]).leastBusy(for: a) == nil)
    }

    @Test func `gives no batch to a connection that is full or slow`() {
        let all = connections([2, 0, 1])
        let pool = pool(all, depth: 2)
        #expect(pool.leastBusy(for: nil) === all[1])
        all[1].isSlow = true
        #expect(pool.leastBusy(for: nil) === all[2])
        all[2].batches = [nil, nil]
        #expect(pool.leastBusy(for: nil) == nil)
    }

    @Test func `confines a tenant to half of the connections`() {
        let all = [SharedStandIn([a, nil, nil]), SharedStandIn([a, nil]), SharedStandIn([b]), SharedStandIn()]
        let pool = pool(all, depth: 4)
        #expect(pool.leastBusy(for: a) === all[1])
        #expect(pool.leastBusy(for: b) === all[3])
        #expect(pool.leastBusy(for: nil) === all[3])
        for connection in all[0...1] { connection.isSlow = true }
        #expect(pool.leastBusy(for: a) == nil)
        #expect(pool.leastBusy(for: b) === all[3])
        // With one batch left, the tenant may use any connection.
        all[0].batches = [nil]
        #expect(pool.leastBusy(for: a) === all[3])
    }

    @Test func `leaves a tenant the only connection there is`() {
        let only = SharedStandIn([a])
        #expect(pool([only], limit: 1).leastBusy(for: a) === only)
        #expect(pool([only], limit: 1).leastBusy(for: b) === only)
    }

    // MARK: Waiting

    @Test func `lets batches go in the order in which they came`() {
        let only = SharedStandIn([b, b])
        var pool = pool([only], depth: 2)
        for ticket in 1...3 { #expect(pool.wait(ticket, of: a, at: start) == true) }
        #expect(pool.next() == nil)
        only.batches = []
        for ticket in 1...2 {
            let next = pool.next()
            #expect(next?.entry == ticket && next?.connection === only)
            only.batches.append(a)
        }
        #expect(pool.next() == nil)
        #expect(pool.use.waiting == 1)
    }

    @Test func `skips a tenant at its limit, and no other`() {
        let all = [SharedStandIn([a]), SharedStandIn([a]), SharedStandIn()]
        for connection in all[0...1] { connection.isSlow = true }
        var pool = pool(all, depth: 2)
        for (ticket, client) in [(1, a), (2, a), (3, b)] { #expect(pool.wait(ticket, of: client, at: start) == true) }
        #expect(pool.wait(4, of: nil, at: start) == true)
        for ticket in [3, 4] {
            let next = pool.next()
            #expect(next?.entry == ticket && next?.connection === all[2])
            all[2].batches.append(nil)
        }
        all[2].batches = []
        #expect(pool.next() == nil)
        all[0].batches = []
        #expect(pool.next()?.entry == 1)
        #expect(pool.use.waiting == 1)
    }

    @Test func `times out a batch after 3 seconds, and no other`() {
        let only = SharedStandIn([b])
        var pool = pool([only], depth: 1)
        for (ticket, milliseconds) in [(1, 0), (2, 0), (3, 500)] {
            #expect(pool.wait(ticket, of: a, at: start + .milliseconds(milliseconds)) == true)
        }
        #expect(pool.overdue(at: start + .milliseconds(2_999)) == [])
        only.batches = []
        #expect(pool.next()?.entry == 1)
        #expect(pool.overdue(at: start + .seconds(3)) == [2])
        #expect(pool.overdue(at: start + .milliseconds(3_499)) == [])
        #expect(pool.overdue(at: start + .seconds(9)) == [3])
        #expect(pool.overdue(at: start + .seconds(99)) == [])
        #expect(pool.use.waiting == 0)
    }

    @Test func `refuses to wait after 3 seconds without a connection`() {
        var pool = pool([])
        #expect(pool.wait(1, of: a, at: start + .seconds(3)) == true)
        #expect(pool.wait(2, of: a, at: start + .milliseconds(3_001)) == false)
        let connections = connections([0, 0])
        for connection in connections {
            #expect(pool.beginOpening() == true)
            #expect(pool.connected(connection) == true)
        }
        #expect(pool.wait(3, of: a, at: start + .seconds(60)) == true)
        // The time counts from the loss of the last one.
        pool.lost(connections[0], at: start + .seconds(70))
        pool.lost(connections[1], at: start + .seconds(80))
        #expect(pool.wait(4, of: a, at: start + .seconds(83)) == true)
        #expect(pool.wait(5, of: a, at: start + .milliseconds(83_001)) == false)
        #expect(pool.stop() == [1, 3, 4])
    }

    // MARK: Connecting

    @Test func `opens no more connections than the limit`() {
        var pool = pool([])
        #expect((1...6).map { _ in pool.beginOpening() } == [true, true, true, true, false, false])
        let all = connections([0, 0, 0, 0])
        for connection in all { #expect(pool.connected(connection) == true) }
        #expect(pool.beginOpening() == false)
        pool.lost(all[2], at: start)
        #expect([pool.beginOpening(), pool.beginOpening()] == [true, false])
    }

    @Test func `waits longer after each round of failures, up to a second, until one succeeds`() {
        var pool = pool([])
        for _ in 1...4 { #expect(pool.beginOpening() == true) }
        let delays = (1...28).map { _ in
            let delay = pool.failed()
            #expect(pool.beginOpening() == false)
            #expect(pool.retry() == true)
            return delay
        }
        let expected = [50, 50, 50, 100, 100, 100, 100, 200, 200, 200, 200, 400, 400, 400, 400, 800, 800, 800, 800]
        #expect(delays == (expected + Array(repeating: 1_000, count: 9)).map { .milliseconds($0) })
        #expect(pool.connected(SharedStandIn()) == true)
        #expect(pool.failed() == .milliseconds(50))
        #expect(pool.opening == 3)
    }

    @Test func `replaces an old connection, or one with many statements, once it is idle`() {
        let (old, knowing) = (SharedStandIn([a], opened: start - .seconds(1_800)), SharedStandIn([a], opened: start))
        let pool = pool([SharedStandIn(opened: start), old, knowing])
        knowing.preparedCount = 500
        #expect(pool.wornOut(at: start + .seconds(1)) == nil)
        knowing.batches = []
        #expect(pool.wornOut(at: start + .seconds(1)) == nil)
        knowing.preparedCount = 501
        #expect(pool.wornOut(at: start + .seconds(1)) === knowing)
        old.batches = []
        #expect(pool.wornOut(at: start + .milliseconds(1)) === old)
        knowing.preparedCount = 0
        #expect(pool.wornOut(at: start) == nil)
    }

    @Test func `starts nothing after it was stopped`() {
        var pool = pool([SharedStandIn([a])], depth: 1)
        for ticket in 1...2 { #expect(pool.wait(ticket, of: a, at: start) == true) }
        #expect(pool.beginOpening() == true)
        #expect(pool.beginOpening() == true)
        #expect(pool.failed() == .milliseconds(50))
        #expect(pool.stop() == [1, 2])
        #expect(pool.retry() == false)
        #expect(pool.connected(SharedStandIn()) == false)
        #expect(pool.beginOpening() == false)
        #expect(pool.overdue(at: start + .seconds(9)) == [])
        #expect(pool.opening == 0)
    }

    @Test func `reports its usage`() {
        var pool = pool([SharedStandIn([a, b]), SharedStandIn()])
        #expect(pool.wait(1, of: a, at: start) == true)
        let use = pool.use
        #expect([use.limit, use.open, use.busy, use.waiting] == [4, 2, 1, 1])
    }
}
