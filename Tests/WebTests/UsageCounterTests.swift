import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Usage counters` {
    let test = TestSite()

    private func counted(_ access: GuildAccess) async throws -> Int64? {
        try await ask { try await $0.rows("SELECT api_requests FROM usage_days", in: access).first?.integer(0) }
    }

    private func flush() async throws {
        let usage = test.site.world.usage
        try await ask { try await usage.flush($0) }
    }

    @Test func `count only API requests of people and bots about a server`() async throws {
        let cast = try await Cast()
        let path = "/api/v1/guilds/\(cast.alice.guild)"
        let (alice, charlie) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.charlie.user))
        let key = try await NewAPIKey.make([.queue], in: cast.alice)
        for _ in 1...3 { #expect(await test.ask(.get, path, as: alice).status == 200) }
        #expect(await test.ask(.get, path + "/posts", query: "limit=x", as: alice).status == 400)
        let queue = SignedRequest("/api/v1/bot/guilds/\(cast.alice.guild)/queue", #"{"depth":1}"#, with: key)
        #expect(await queue.send(to: test).status == 204)
        // Not counted for the tenant: other people, pages, and requests without a session.
        #expect(await test.ask(.get, path, as: charlie).status == 404)
        #expect(await test.ask(.get, "/guilds/\(cast.alice.guild)", as: alice).status == 200)
        #expect(await test.ask(.get, path).status == 401)
        #expect(try await counted(cast.alice) == nil)
        try await flush()
        try await flush()
        #expect(try await counted(cast.alice) == 5)
        #expect(try await counted(cast.charlie) == nil)
        #expect(await test.ask(.get, path, as: alice).status == 200)
        try await flush()
        #expect(try await counted(cast.alice) == 6)
    }
}
