import Domain
import EventLoop
import Persistence
import TestKit
import Testing

@testable import Web

@Suite struct `Turns of batches` {
    private let loop = TestDatabase.shared.loop

    private func take(_ turns: BatchTurns) async -> Bool {
        await Task(executorPreference: loop) { [loop] in await turns.take(on: loop) }.value
    }

    @Test func `are given to so many at once and no more`() async {
        let turns = BatchTurns(2, patience: .zero)
        #expect(await [take(turns), take(turns), take(turns)] == [true, true, false])
        turns.giveBack()
        #expect(await [take(turns), take(turns)] == [true, false])
    }

    @Test func `come in the order in which they were asked for`() async {
        let turns = BatchTurns(1, patience: .seconds(60))
        let loop = loop
        let order = await Task(executorPreference: loop) {
            _ = await turns.take(on: loop)
            let (finished, report) = AsyncStream.makeStream(of: Int.self)
            for number in 1...5 {
                // Jobs of one loop begin in the order in which they were made.
                Task(executorPreference: loop) {
                    _ = await turns.take(on: loop)
                    report.yield(number)
                    turns.giveBack()
                }
            }
            Task(executorPreference: loop) { turns.giveBack() }
            var order: [Int] = []
            for await number in finished {
                order.append(number)
                if order.count == 5 { break }
            }
            return order
        }.value
        #expect(order == [1, 2, 3, 4, 5])
    }

    @Test func `hold batches back and nothing else`() async throws {
        var settings = TestSite.settings
        settings.batchPatience = .zero
        let test = TestSite(settings)
        let cast = try await Cast()
        let key = try await NewAPIKey.make([.posts, .accounts, .queue], in: cast.alice)
        func send(_ last: String, _ body: String) async -> Int {
            let path = "/api/v1/bot/guilds/\(cast.alice.guild)/\(last)"
            return await SignedRequest(path, body, with: key).send(to: test).status
        }
        let turns = test.site.world.batchTurns
        #expect(await take(turns))
        let held = [await send("posts", #"{"items":[]}"#), await send("accounts", #"{"items":[]}"#)]
        #expect(held == [503, 503])
        #expect(await send("queue", #"{"depth":1}"#) == 204)
        turns.giveBack()
        // What failed gave its turn back as well.
        #expect(await send("posts", #"{"items":7}"#) == 422)
        #expect(await send("accounts", #"{"items":[]}"#) == 200)
    }
}
