import TestKit
import Testing

@testable import EventLoop

@Suite struct `The queue of turns` {
    private typealias Queue = TurnQueue<String>

    @Test func `grants as many turns as there are, and no more than a key may have`() {
        var queue = Queue(limit: 3, limitPerKey: 2, waitingPerKey: 9)
        #expect(queue.enter("a", ticket: 1) == .granted)
        #expect(queue.enter("a", ticket: 2) == .granted)
        #expect(queue.enter("a", ticket: 3) == .waiting)
        #expect(queue.enter("b", ticket: 4) == .granted)
        #expect(queue.enter("c", ticket: 5) == .waiting)
        #expect(queue.waitingCount == 2)
    }

    @Test func `lets keys take turns, independent of the length of each queue`() {
        var queue = Queue(limit: 1, limitPerKey: 1, waitingPerKey: 9)
        #expect(queue.enter("a", ticket: 0) == .granted)
        for ticket in 1...4 { #expect(queue.enter("a", ticket: ticket) == .waiting) }
        #expect(queue.enter("b", ticket: 5) == .waiting)
        #expect(queue.enter("c", ticket: 6) == .waiting)
        #expect(queue.enter("b", ticket: 7) == .waiting)
        var order: [Int] = []
        for key in ["a", "a", "b", "c", "a", "b", "a"] { order += queue.leave(key) }
        #expect(order == [1, 5, 6, 2, 7, 3, 4])
        #expect(queue.leave("a") == [])
        #expect(queue.waitingCount == 0)
    }

    @Test func `starts with another key if the first is at its limit`() {
        var queue = Queue(limit: 3, limitPerKey: 1, waitingPerKey: 9)
        #expect(queue.enter("a", ticket: 1) == .granted)
        #expect(queue.enter("a", ticket: 2) == .waiting)
        #expect(queue.enter("b", ticket: 3) == .granted)
        #expect(queue.enter("c", ticket: 4) == .granted)
        #expect(queue.enter("d", ticket: 5) == .waiting)
        #expect(queue.leave("b") == [5])
        #expect(queue.leave("d") == [])
        #expect(queue.leave("a") == [2])
    }

    @Test func `refuses a key that has too many waiting`() {
        var queue = Queue(limit: 1, limitPerKey: 1, waitingPerKey: 2)
        #expect(queue.enter("a", ticket: 1) == .granted)
        #expect(queue.enter("a", ticket: 2) == .waiting)
        #expect(queue.enter("a", ticket: 3) == .waiting)
        #expect(queue.enter("a", ticket: 4) == .full)
        #expect(queue.enter("b", ticket: 5) == .waiting)
    }

    @Test func `removes a cancelled entry`() {
        var queue = Queue(limit: 1, limitPerKey: 1, waitingPerKey: 9)
        #expect(queue.enter("a", ticket: 1) == .granted)
        #expect(queue.enter("b", ticket: 2) == .waiting)
        #expect(queue.enter("b", ticket: 3) == .waiting)
        let withdrawn = [queue.withdraw(2, of: "b"), queue.withdraw(2, of: "b"), queue.withdraw(1, of: "a")]
        #expect(withdrawn == [true, false, false])
        #expect(queue.leave("a") == [3])
        #expect(queue.leave("b") == [])
        #expect(queue.enter("c", ticket: 4) == .granted)
    }

    /// Entries and turns of a random walk, and invariants that hold at each step.
    private struct Walk {
        let keys = ["a", "b", "c", "d"]
        var queue = Queue(limit: 5, limitPerKey: 2, waitingPerKey: 6)
        var waiting: [String: [Int]] = [:]
        var used: [String: Int] = [:]
        /// Turns that began for others since a key could have had the next one.
        var passedOver: [String: Int] = [:]

        mutating func enter(_ key: String, _ ticket: Int) {
            let mayStart = used.values.reduce(0, +) < 5 && used[key, default: 0] < 2
            switch queue.enter(key, ticket: ticket) {
            case .granted:
                #expect(mayStart)
                used[key, default: 0] += 1
            case .waiting:
                #expect(!mayStart && waiting[key, default: []].count < 6)
                waiting[key, default: []].append(ticket)
            case .full: #expect(!mayStart && waiting[key]?.count == 6)
            }
        }

        mutating func leave(_ key: String) {
            used[key, default: 0] -= 1
            for ticket in queue.leave(key) {
                guard let key = keys.first(where: { waiting[$0]?.first == ticket }) else {
                    Issue.record("a turn for an entry that was not the first of its key")
                    continue
                }
                for other in keys where other != key && waiting[other, default: []].isEmpty == false {
                    passedOver[other, default: 0] += used[other, default: 0] < 2 ? 1 : 0
                }
                passedOver[key] = 0
                waiting[key]?.removeFirst()
                used[key, default: 0] += 1
            }
        }

        mutating func withdraw(_ key: String, at index: Int) {
            guard let ticket = waiting[key]?.remove(at: index) else { return }
            #expect(queue.withdraw(ticket, of: key) == true)
            #expect(queue.withdraw(ticket, of: key) == false)
            if waiting[key]?.isEmpty == true { passedOver[key] = 0 }
        }

        func check() {
            #expect(used.values.reduce(0, +) <= 5)
            #expect(used.values.allSatisfy { (0...2).contains($0) })
            #expect(queue.waitingCount == waiting.values.reduce(0) { $0 + $1.count })
            // Each other key comes first once at most.
            #expect(passedOver.values.allSatisfy { $0 <= keys.count - 1 })
            // No turn is left free for an entry that may have it.
            let isFree = used.values.reduce(0, +) < 5
            for key in keys where waiting[key]?.isEmpty == false { #expect(!isFree || used[key] == 2) }
        }
    }

    @Test func `holds its limits and passes no key over twice, over any order of events`() {
        var (walk, numbers) = (Walk(), RandomNumberGeneratorForTests(seed: 5))
        for ticket in 1...20_000 {
            let key = walk.keys.randomElement(using: &numbers) ?? "a"
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0..<5: walk.enter(key, ticket)
            case 5..<9: if walk.used[key, default: 0] > 0 { walk.leave(key) }
            default:
                if let index = walk.waiting[key]?.indices.randomElement(using: &numbers) {
                    walk.withdraw(key, at: index)
                }
            }
            walk.check()
        }
        while let key = walk.keys.first(where: { walk.used[$0, default: 0] > 0 }) { walk.leave(key) }
        #expect(walk.queue.waitingCount == 0)
    }
}
