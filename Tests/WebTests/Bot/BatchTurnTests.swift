import Domain
import EventLoop
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Turns of batches` {
    @Test func `delay batches and nothing else`() async throws {
        var settings = TestSite.settings
        settings.batchTimeout = .zero
        let test = TestSite(settings)
        let cast = try await Cast()
        let key = try await NewAPIKey.make([.posts, .accounts, .queue], in: cast.alice)
        func send(_ last: String, _ body: String) async -> Int {
            let path = "/api/v1/bot/guilds/\(cast.alice.guild)/\(last)"
            return await SignedRequest(path, body, with: key).send(to: test).status
        }
        let (turns, loop) = (test.site.world.batchTurns, TestDatabase.shared.loop)
        let isTaken = await Task(executorPreference: loop) { await turns.take(for: cast.bob.client, on: loop) }.value
        #expect(isTaken)
        let held = [await send("posts", #"{"items":[]}"#), await send("accounts", #"{"items":[]}"#)]
        #expect(held == [503, 503])
        #expect(await send("queue", #"{"depth":1}"#) == 204)
        turns.giveBack(cast.bob.client)
        // The failed batch released its turn as well.
        #expect(await send("posts", #"{"items":7}"#) == 422)
        #expect(await send("accounts", #"{"items":[]}"#) == 200)
    }
}
