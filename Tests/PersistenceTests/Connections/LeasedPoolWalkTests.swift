import Domain
import Formats
import TestKit
import Testing

@testable import Persistence

/// Events in a random order, carried out as `LeasedConnections` does, and invariants that hold after each.
private struct LeasedWalk {
    typealias Instant = ContinuousClock.Instant

    let clients: [ClientID?] = [nil, ClientID(number: 1), ClientID(number: 2), ClientID(number: 3)]
    let limits: Database.Limits
    var pool: LeasedPool<LeasedStandIn, Int>
    var now = ContinuousClock.now
    var numbers: RandomNumberGeneratorForTests
    var lastTicket = 0
    /// The requests that wait.
    var waiting: [Int: (client: ClientID?, deadline: Instant)] = [:]
    /// Leased connections, lost ones as well.
    var leased: [LeasedStandIn] = []
    var lost: Set<ObjectIdentifier> = []
    /// How often each request got a connection or a failure.
    var answers: [Int: Int] = [:]
    var attempts = 0

    init(seed: UInt64) {
        var limits = Database.Limits()
        (limits.leased, limits.wait) = (Int(seed % 5) + 1, .milliseconds(300))
        (limits.lifetime, limits.idle) = (.seconds(2), .milliseconds(200))
        self.limits = limits
        numbers = RandomNumberGeneratorForTests(seed: seed)
        pool = LeasedPool(limits)
    }

    mutating func step() {
        switch Int.random(in: 0..<20, using: &numbers) {
        case 0..<7: want(clients.randomElement(using: &numbers) ?? nil)
        case 7..<12: giveBack()
        case 12: loseAny()
        case 13..<16: attempt(succeeds: true)
        case 16: attempt(succeeds: false)
        default: pass(.milliseconds(.random(in: 0...120, using: &numbers)))
        }
        check()
    }

    mutating func want(_ client: ClientID?) {
        lastTicket += 1
        if let connection = pool.take(for: client) {
            #expect(!leased.contains { $0 === connection } && !lost.contains(ObjectIdentifier(connection)))
            leased.append(connection)
            answers[lastTicket, default: 0] += 1
        } else {
            waiting[lastTicket] = (client, now + limits.wait)
            if pool.wait(lastTicket, of: client, at: now) { attempts += 1 }
        }
    }

    mutating func put(_ connection: LeasedStandIn, to use: LeasedPool<LeasedStandIn, Int>.Use) {
        switch use {
        case .keep: break
        case .close:
            lose(connection)
            while let (connection, ticket) = pool.next() { put(connection, to: .lease(ticket)) }
            if pool.beginOpeningForWaiting() { attempts += 1 }
        case .lease(let ticket):
            #expect(waiting.removeValue(forKey: ticket).map { $0.client == connection.holder } == true)
            answers[ticket, default: 0] += 1
            leased.append(connection)
        }
    }

    mutating func giveBack() {
        guard let index = leased.indices.randomElement(using: &numbers) else { return }
        let connection = leased.remove(at: index)
        connection.lastUsed = now
        put(connection, to: pool.giveBack(connection, at: now))
    }

    mutating func loseAny() {
        if let connection = pool.open.randomElement(using: &numbers) { lose(connection) }
    }

    mutating func lose(_ connection: LeasedStandIn) {
        connection.isReusable = false
        guard lost.insert(ObjectIdentifier(connection)).inserted else { return }
        kept.append(connection)
        if pool.lost(connection) { attempts += 1 }
    }
    /// So that no address is used twice.
    var kept: [LeasedStandIn] = []

    mutating func attempt(succeeds: Bool) {
        guard attempts > 0 else { return }
        attempts -= 1
        if succeeds {
            let connection = LeasedStandIn(opened: now)
            put(connection, to: pool.connected(connection, at: now))
        } else if let ticket = pool.failed() {
            #expect(waiting.removeValue(forKey: ticket) != nil)
            answers[ticket, default: 0] += 1
        }
    }

    mutating func pass(_ time: Duration) {
        now += time
        for ticket in pool.overdue(at: now) {
            #expect(waiting.removeValue(forKey: ticket).map { $0.deadline <= now } == true)
            answers[ticket, default: 0] += 1
        }
        for connection in pool.unused(at: now) { lose(connection) }
    }

    func check() {
        #expect(pool.opening == attempts)
        #expect(pool.open.count + pool.opening <= limits.leased)
        let living = leased.filter { !lost.contains(ObjectIdentifier($0)) }
        #expect(pool.open.count == living.count + pool.idle.count)
        #expect(pool.idle.allSatisfy { idle in idle.holder == nil && !leased.contains { $0 === idle } })
        for client in clients.compactMap({ $0 }) {
            #expect(leased.count { $0.holder == client } <= max(1, limits.leased / 2))
        }
        // No request waits beside an idle connection that it may have.
        for (client, _) in waiting.values where !pool.idle.isEmpty {
            #expect(client != nil && leased.count { $0.holder == client } == max(1, limits.leased / 2))
        }
        #expect(pool.use.waiting == waiting.count)
        #expect(waiting.values.allSatisfy { $0.deadline > now })
        #expect(answers.count + waiting.count == lastTicket)
    }
}

@Suite struct `A random walk of the pool of leased connections` {
    @Test(arguments: UInt64(1)...20) func `holds its limits, and answers each request once`(seed: UInt64) {
        var walk = LeasedWalk(seed: seed)
        for _ in 1...600 { walk.step() }
        walk.pass(walk.limits.wait)
        #expect(walk.waiting.isEmpty)
        #expect(walk.answers.count == walk.lastTicket)
        #expect(walk.answers.values.allSatisfy { $0 == 1 })
        // No share is kept by connections that were given back.
        while !walk.leased.isEmpty { walk.giveBack() }
        for client in walk.clients {
            walk.want(client)
            while walk.attempts > 0 { walk.attempt(succeeds: true) }
            #expect(walk.waiting.isEmpty)
            while !walk.leased.isEmpty { walk.giveBack() }
        }
    }
}
