import TestKit
import Testing

@testable import EventLoop

@Suite struct `The queue of timers` {
    private let start = ContinuousClock.now

    /// Runs the timers that are due, as the loop does.
    private func run(_ queue: inout TimerQueue, after time: Duration) {
        while let action = queue.popDue(at: start + time) { action() }
    }

    @Test func `runs timers by their deadlines, independent of the order they were set`() {
        var (queue, ran) = (TimerQueue(), [Int]())
        for second in [5, 1, 4, 2, 3] {
            _ = queue.add(at: start + .seconds(second)) { ran.append(second) }
        }
        run(&queue, after: .milliseconds(999))
        #expect(ran == [])
        run(&queue, after: .seconds(1))
        #expect(ran == [1])
        run(&queue, after: .seconds(4))
        #expect(ran == [1, 2, 3, 4])
        run(&queue, after: .seconds(60))
        #expect(ran == [1, 2, 3, 4, 5])
    }

    @Test func `runs no timer that was cancelled, and none twice`() {
        var (queue, ran) = (TimerQueue(), [String]())
        let timers = ["a", "b", "c"].map { name in queue.add(at: start) { ran.append(name) } }
        timers[1].cancel()
        run(&queue, after: .zero)
        #expect(ran.sorted() == ["a", "c"])
        for timer in timers { timer.cancel() }
        run(&queue, after: .seconds(1))
        #expect(ran.count == 2)
    }

    @Test func `runs no timer that an earlier one cancelled, though both were due`() {
        var (queue, ran) = (TimerQueue(), [String]())
        let later = queue.add(at: start + .seconds(2)) { ran.append("later") }
        _ = queue.add(at: start + .seconds(1)) {
            ran.append("earlier")
            later.cancel()
        }
        run(&queue, after: .seconds(3))
        #expect(ran == ["earlier"])
    }

    @Test func `releases the action of a cancelled timer`() {
        final class Held {}
        var queue = TimerQueue()
        weak var held: Held?
        let timer = {
            let new = Held()
            held = new
            return queue.add(at: start + .seconds(600)) { _ = new }
        }()
        #expect(held != nil)
        timer.cancel()
        #expect(held == nil)
    }

    @Test func `returns the time to wait, rounded up to milliseconds`() {
        var queue = TimerQueue()
        #expect(queue.millisecondsUntilNext(from: start) == nil)
        _ = queue.add(at: start + .seconds(2)) {}
        _ = queue.add(at: start + .microseconds(1_500)) {}
        #expect(queue.millisecondsUntilNext(from: start) == 2)
        #expect(queue.millisecondsUntilNext(from: start + .microseconds(500)) == 1)
        #expect(queue.millisecondsUntilNext(from: start + .microseconds(1_499)) == 1)
        #expect(queue.millisecondsUntilNext(from: start + .microseconds(1_500)) == 0)
        #expect(queue.millisecondsUntilNext(from: start + .seconds(9)) == 0)
        run(&queue, after: .seconds(1))
        #expect(queue.millisecondsUntilNext(from: start + .seconds(1)) == 1_000)
    }

    @Test func `agrees with a sorted list over any order of setting, cancelling and time`() {
        var numbers = RandomNumberGeneratorForTests(seed: 3)
        var (queue, ran, now) = (TimerQueue(), [Int](), 0)
        var pending: [(deadline: Int, timer: LoopTimer)] = []
        for _ in 1...5_000 {
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0..<6:
                let deadline = now + .random(in: 0...500, using: &numbers)
                let timer = queue.add(at: start + .milliseconds(deadline)) { ran.append(deadline) }
                pending.append((deadline, timer))
            case 6..<8:
                guard let index = pending.indices.randomElement(using: &numbers) else { continue }
                pending.remove(at: index).timer.cancel()
            default:
                now += .random(in: 0...100, using: &numbers)
                ran = []
                run(&queue, after: .milliseconds(now))
                #expect(ran == pending.map(\.deadline).filter { $0 <= now }.sorted())
                pending.removeAll { $0.deadline <= now }
            }
        }
        #expect(now > 1_000)
    }
}
