import TestKit
import Testing

@testable import EventLoop

@Suite struct `Fair turns with time` {
    private let stepped: SteppedLoop
    private let notes = Notes()
    private let turns = FairTurns<String>(1, perKey: 1, waitingPerKey: 2, timeout: .seconds(10))

    init() throws { stepped = try SteppedLoop() }

    private func take(_ key: String, as name: String) async {
        let (turns, notes, loop) = (turns, notes, stepped.loop)
        loop.execute {
            Task(executorPreference: loop) {
                notes.add("\(name) \(await turns.take(for: key, on: loop) ? "taken" : "refused")")
            }
        }
        await stepped.settle()
    }

    @Test func `are refused after their time, and not before`() async {
        await take("a", as: "first")
        await take("b", as: "second")
        await stepped.advance(.seconds(4))
        await take("b", as: "third")
        await stepped.advance(.milliseconds(5_999))
        #expect(notes.all == ["first taken"])
        await stepped.advance(.milliseconds(1))
        #expect(notes.all == ["first taken", "second refused"])
        #expect(turns.waiting == 1)
        turns.giveBack("a")
        await stepped.settle()
        #expect(notes.all == ["first taken", "second refused", "third taken"])
        // No task waits when its time is over.
        await stepped.advance(.seconds(60))
        #expect(notes.all.count == 3)
        turns.giveBack("b")
        await take("c", as: "fourth")
        #expect(notes.all.last == "fourth taken")
    }

    @Test func `are refused at once to a key with too many waiting, and to no other`() async {
        for name in ["first", "second", "third", "fourth"] { await take("a", as: name) }
        await take("b", as: "fifth")
        #expect(notes.all == ["first taken", "fourth refused"])
        #expect(turns.waiting == 3)
        turns.giveBack("a")
        await stepped.settle()
        #expect(notes.all.last == "second taken")
        turns.giveBack("a")
        await stepped.settle()
        #expect(notes.all.last == "fifth taken")
    }
}
