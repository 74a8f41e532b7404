import Synchronization
import TestKit
import Testing

@testable import EventLoop

/// Names of the actions that ran, noted on a loop and read by a test.
final class Notes: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ text: String) { texts.withLock { $0.append(text) } }

    var all: [String] { texts.withLock { $0 } }
}

/// A count that several threads change.
final class Tally: Sendable {
    private let state = Mutex((count: 0, most: 0))

    func add(_ step: Int) {
        state.withLock { state in
            state.count += step
            state.most = max(state.most, state.count)
        }
    }

    var count: Int { state.withLock(\.count) }
    /// The highest count so far.
    var most: Int { state.withLock(\.most) }
}

@Suite struct `Timers of a loop` {
    private let stepped: SteppedLoop
    private let notes = Notes()

    init() throws { stepped = try SteppedLoop() }

    @Test func `run in the order of their deadlines if the clock jumps over several`() async {
        await stepped.run { [loop = stepped.loop, notes] in
            for second in [3, 1, 2] { loop.schedule(after: .seconds(second)) { notes.add("\(second)") } }
        }
        await stepped.advance(.milliseconds(999))
        #expect(notes.all == [])
        await stepped.advance(.milliseconds(1))
        #expect(notes.all == ["1"])
        await stepped.advance(.seconds(60))
        #expect(notes.all == ["1", "2", "3"])
    }

    @Test func `that set themselves again run once for each interval`() async {
        await stepped.run { [loop = stepped.loop, notes] in Self.tick(loop, notes) }
        for count in 1...4 {
            await stepped.advance(.seconds(1))
            #expect(notes.all.count == count)
        }
        // After a pause of the loop, runs that were missed are not made up for.
        await stepped.advance(.seconds(100))
        #expect(notes.all.count == 5)
    }

    private static func tick(_ loop: EventLoop, _ notes: Notes) {
        loop.schedule(after: .seconds(1)) {
            notes.add("tick")
            tick(loop, notes)
        }
    }

    @Test func `may be set in a timer, also for the same moment`() async {
        await stepped.run { [loop = stepped.loop, notes] in
            _ = loop.schedule(after: .seconds(1)) {
                notes.add("outer")
                loop.schedule(after: .zero) { notes.add("at once") }
                loop.schedule(after: .seconds(1)) { notes.add("later") }
            }
        }
        await stepped.advance(.seconds(1))
        #expect(notes.all == ["outer", "at once"])
        await stepped.advance(.seconds(1))
        #expect(notes.all == ["outer", "at once", "later"])
    }

    @Test func `do not run once they are cancelled, and can be set again`() async {
        await stepped.run { [loop = stepped.loop, notes] in
            let timer = loop.schedule(after: .seconds(2)) { notes.add("first") }
            loop.schedule(after: .seconds(1)) {
                timer.cancel()
                loop.schedule(after: .seconds(2)) { notes.add("second") }
            }
        }
        for (step, expected) in [(1, []), (1, []), (1, ["second"]), (9, ["second"])] {
            await stepped.advance(.seconds(step))
            #expect(notes.all == expected)
        }
    }

    @Test func `resume a task that sleeps, and not before its time`() async {
        let (loop, notes) = (stepped.loop, notes)
        let task = Task(executorPreference: loop) {
            await loop.sleep(for: .seconds(5))
            notes.add(loop.isCurrent ? "on the loop" : "elsewhere")
        }
        await stepped.settle()
        await stepped.advance(.milliseconds(4_999))
        #expect(notes.all == [])
        await stepped.advance(.milliseconds(1))
        await task.value
        #expect(notes.all == ["on the loop"])
    }

    @Test func `end a wait at its limit, while the work continues`() async {
        let (loop, notes) = (stepped.loop, notes)
        let waiting = Task(executorPreference: loop) {
            await loop.wait(atMost: .seconds(3)) {
                await loop.sleep(for: .seconds(10))
                notes.add("done")
            }
            notes.add("waited")
        }
        await stepped.settle()
        await stepped.advance(.milliseconds(2_999))
        #expect(notes.all == [])
        await stepped.advance(.milliseconds(1))
        await waiting.value
        #expect(notes.all == ["waited"])
        await stepped.advance(.seconds(7))
        #expect(notes.all == ["waited", "done"])
    }

    @Test func `do not delay a wait whose work is done`() async {
        let (loop, notes) = (stepped.loop, notes)
        let waiting = Task(executorPreference: loop) {
            await loop.wait(atMost: .seconds(3)) { notes.add("done") }
            notes.add("waited")
        }
        await waiting.value
        #expect(notes.all == ["done", "waited"])
        // No task is left to resume at the limit.
        await stepped.advance(.seconds(3))
        #expect(notes.all == ["done", "waited"])
    }
}
