import Domain
import Formats
import TestKit
import Testing

@testable import Persistence

/// Events in a random order, carried out as `SharedConnections` does, and invariants that hold after each.
private struct SharedWalk {
    typealias Instant = ContinuousClock.Instant

    let clients: [ClientID?] = [nil, ClientID(number: 1), ClientID(number: 2), ClientID(number: 3)]
    let limits: Database.Limits
    var pool: SharedPool<SharedStandIn, Int>
    var now = ContinuousClock.now
    var numbers: RandomNumberGeneratorForTests
    var lastTicket = 0
    /// Deadlines of the batches that wait.
    var waiting: [Int: (client: ClientID?, deadline: Instant)] = [:]
    /// How often each batch was sent or refused.
    var answers: [Int: Int] = [:]
    var attempts = 0
    var retries: [Instant] = []

    init(seed: UInt64) {
        var limits = Database.Limits()
        (limits.shared, limits.depth, limits.wait) = (Int(seed % 5) + 1, 3, .milliseconds(300))
        self.limits = limits
        numbers = RandomNumberGeneratorForTests(seed: seed)
        pool = SharedPool(limits, at: now)
        for _ in 0..<limits.shared { open() }
    }

    mutating func step() {
        switch Int.random(in: 0..<20, using: &numbers) {
        case 0..<8: want(clients.randomElement(using: &numbers) ?? nil)
        case 8..<14: answer()
        case 14: lose()
        case 15: slowDown()
        case 16: attempt(succeeds: true)
        case 17: attempt(succeeds: false)
        default: pass(.milliseconds(.random(in: 0...120, using: &numbers)))
        }
        check()
    }

    mutating func open() { if pool.beginOpening() { attempts += 1 } }

    mutating func want(_ client: ClientID?) {
        lastTicket += 1
        if let connection = pool.leastBusy(for: client) {
            connection.batches.append(client)
            answers[lastTicket, default: 0] += 1
        } else if pool.wait(lastTicket, of: client, at: now) {
            waiting[lastTicket] = (client, now + limits.wait)
        } else {
            #expect(pool.connections.isEmpty)
            answers[lastTicket, default: 0] += 1
        }
    }

    mutating func serve() {
        while let (connection, ticket) = pool.next() {
            let entry = waiting.removeValue(forKey: ticket)
            #expect(entry != nil)
            connection.batches.append(entry?.client)
            answers[ticket, default: 0] += 1
        }
    }

    mutating func answer() {
        let busy = pool.connections.filter { $0.load > 0 }
        guard let connection = busy.randomElement(using: &numbers) else { return }
        connection.batches.removeFirst()
        if connection.load == 0 { connection.isSlow = false }
        serve()
    }

    mutating func lose() {
        guard let connection = pool.connections.randomElement(using: &numbers) else { return }
        pool.lost(connection, at: now)
        open()
        serve()
    }

    mutating func slowDown() {
        pool.connections.filter { $0.load > 0 }.randomElement(using: &numbers)?.isSlow = true
    }

    mutating func attempt(succeeds: Bool) {
        guard attempts > 0 else { return }
        attempts -= 1
        if succeeds {
            #expect(pool.connected(SharedStandIn(opened: now)) == true)
            serve()
        } else {
            retries.append(now + pool.failed())
        }
    }

    mutating func pass(_ time: Duration) {
        now += time
        for ticket in pool.overdue(at: now) {
            #expect(waiting.removeValue(forKey: ticket).map { $0.deadline <= now } == true)
            answers[ticket, default: 0] += 1
        }
        for _ in retries.filter({ $0 <= now }) where pool.retry() { attempts += 1 }
        retries.removeAll { $0 <= now }
    }

    func check() {
        // All connections are there or on their way, and never more.
        #expect(pool.connections.count + pool.opening == limits.shared)
        #expect(pool.opening == attempts + retries.count)
        #expect(pool.connections.allSatisfy { $0.load <= limits.depth })
        for client in clients.compactMap({ $0 }) {
            #expect(pool.connections.count { $0.hasBatches(of: client) } <= max(1, limits.shared / 2))
        }
        // No batch waits past its time, or beside a connection that could take it.
        #expect(pool.use.waiting == waiting.count)
        #expect(waiting.values.allSatisfy { $0.deadline > now && pool.leastBusy(for: $0.client) == nil })
        #expect(answers.count + waiting.count == lastTicket)
    }
}

@Suite struct `A random walk of the pool of shared connections` {
    @Test(arguments: UInt64(1)...20) func `holds its limits, and answers each batch once`(seed: UInt64) {
        var walk = SharedWalk(seed: seed)
        for _ in 1...600 { walk.step() }
        walk.pass(walk.limits.wait)
        #expect(walk.waiting.isEmpty)
        #expect(walk.answers.count == walk.lastTicket)
        #expect(walk.answers.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: UInt64(1)...20) func `hands back all that wait when it is stopped`(seed: UInt64) {
        var walk = SharedWalk(seed: seed)
        // Loads grow, since nothing is answered.
        for _ in 1...40 {
            walk.attempt(succeeds: true)
            walk.want(walk.clients.randomElement(using: &walk.numbers) ?? nil)
        }
        let left = walk.pool.stop()
        #expect(!left.isEmpty)
        #expect(left.sorted() == walk.waiting.keys.sorted())
        #expect(walk.pool.use.waiting == 0)
        #expect(walk.pool.next() == nil)
    }
}
