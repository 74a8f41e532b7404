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

    @Test func `lets keys take turns, whatever one of them has waiting`() {
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

    @Test func `starts with another key where the first has all that it may have`() {
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

    @Test func `forgets an entry that was withdrawn`() {
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
}
