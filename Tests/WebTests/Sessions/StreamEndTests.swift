import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `An open status stream` {
    let test = TestSite.shared

    @Test func `ends with its session, and the person's other streams go on`() async throws {
        let alice = try await Cast().alice
        let (one, two) = (try await test.signIn(alice.user), try await test.signIn(alice.user))
        let ending = try #require(await OpenStream.open(in: alice.guild, as: one, test))
        let other = try #require(await OpenStream.open(in: alice.guild, as: two, test))
        #expect(await test.ask(.post, "/api/v1/auth/logout", as: one).status == 204)
        #expect(await ending.ended())
        #expect(await other.isOpen())
    }

    @Test func `ends when the person signs out everywhere`() async throws {
        let alice = try await Cast().alice
        let (one, two) = (try await test.signIn(alice.user), try await test.signIn(alice.user))
        let streams = [
            try #require(await OpenStream.open(in: alice.guild, as: one, test)),
            try #require(await OpenStream.open(in: alice.guild, as: two, test)),
        ]
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: one).status == 204)
        for stream in streams { #expect(await stream.ended()) }
    }

    @Test func `ends when another process ends its session`() async throws {
        let another = await TestSite.another
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let stream = try #require(await OpenStream.open(in: cast.alice.guild, as: alice, another))
        let bob = try #require(
            await OpenStream.open(in: cast.alice.guild, as: try await test.signIn(cast.bob.user), another))
        #expect(await test.ask(.delete, "/api/v1/auth/sessions/\(alice.session)", as: alice).status == 204)
        #expect(await stream.ended())
        #expect(await another.ask(.get, "/api/v1/auth/me", as: alice).status == 401)
        #expect(await bob.isOpen())
    }

    @Test func `ends when the person leaves the server`() async throws {
        let another = await TestSite.another
        let cast = try await Cast()
        let (alice, bob) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.bob.user))
        let leaving = try #require(await OpenStream.open(in: cast.alice.guild, as: alice, another))
        let staying = try #require(await OpenStream.open(in: cast.alice.guild, as: bob, another))
        _ = try await ask { try await $0.rows("DELETE FROM user_guilds WHERE user_id = \(cast.alice.user)") }
        #expect(await leaving.ended())
        #expect(await staying.isOpen())
    }

    @Test func `ends when the server no longer lets its members see`() async throws {
        let another = await TestSite.another
        let cast = try await Cast()
        let (alice, bob) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.bob.user))
        let admin = try #require(await OpenStream.open(in: cast.alice.guild, as: alice, another))
        let member = try #require(await OpenStream.open(in: cast.alice.guild, as: bob, another))
        try await Seed(cast.alice).settings(memberAccess: false)
        #expect(await member.ended())
        #expect(await admin.isOpen())
    }

    @Test func `ends when the thirty days of its session are over`() async throws {
        let alice = try await Cast().alice
        let token = try await test.signIn(alice.user)
        _ = try await ask { database in
            try await database.rows(
                "UPDATE dashboard_sessions SET expires_at = now() + interval '6 s' WHERE id = \(token.session)")
        }
        let stream = try #require(await OpenStream.open(in: alice.guild, as: token, test))
        #expect(await stream.isOpen())
        // 6 seconds until then.
        #expect(await stream.ended(within: .seconds(8)))
    }
}
