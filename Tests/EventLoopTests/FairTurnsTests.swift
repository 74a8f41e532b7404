import TestKit
import Testing

@testable import EventLoop

@Suite struct `Fair turns` {
    private let loop = TestDatabase.shared.loop

    private func take(_ turns: FairTurns<String>, _ key: String) async -> Bool {
        await Task(executorPreference: loop) { [loop] in await turns.take(for: key, on: loop) }.value
    }

    @Test func `are refused when none comes in time`() async {
        let turns = FairTurns<String>(2, perKey: 2, waitingPerKey: 9, timeout: .zero)
        #expect(await [take(turns, "a"), take(turns, "b"), take(turns, "c")] == [true, true, false])
        turns.giveBack("a")
        #expect(await [take(turns, "c"), take(turns, "a")] == [true, false])
        #expect(turns.waiting == 0)
    }

    @Test func `of one key come in the order in which they were asked for`() async {
        let turns = FairTurns<String>(1, perKey: 1, waitingPerKey: 9, timeout: .seconds(60))
        let loop = loop
        let order = await Task(executorPreference: loop) {
            _ = await turns.take(for: "a", on: loop)
            let (finished, report) = AsyncStream.makeStream(of: Int.self)
            for number in 1...5 {
                // Jobs of one loop begin in the order in which they were made.
                Task(executorPreference: loop) {
                    _ = await turns.take(for: "a", on: loop)
                    report.yield(number)
                    turns.giveBack("a")
                }
            }
            Task(executorPreference: loop) { turns.giveBack("a") }
            var order: [Int] = []
            for await number in finished {
                order.append(number)
                if order.count == 5 { break }
            }
            return order
        }.value
        #expect(order == [1, 2, 3, 4, 5])
    }

    @Test func `end the wait of a cancelled task`() async {
        let turns = FairTurns<String>(1, perKey: 1, waitingPerKey: 9, timeout: .seconds(60))
        #expect(await take(turns, "a"))
        let loop = loop
        let waiting = Task(executorPreference: loop) { await turns.take(for: "b", on: loop) }
        waiting.cancel()
        #expect(await waiting.value == false)
        #expect(turns.waiting == 0)
        turns.giveBack("a")
        #expect(await take(turns, "b"))
    }
}
