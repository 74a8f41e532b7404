import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `A guest` {
    let test = TestSite.shared

    private func body(_ user: UserID, _ level: Level = .viewer, hours: Int = 24) -> (type: String, text: String) {
        ("application/json", #"{"userId":"\#(user)","level":"\#(level.rawValue)","hours":\#(hours)}"#)
    }

    private func path(_ guild: GuildID) -> String { "/api/v1/guilds/\(guild)/access" }

    private func list(_ guild: GuildID, as token: AccessToken) async throws -> [JSONValue] {
        let answer = await test.ask(.get, path(guild), as: token)
        #expect(answer.status == 200)
        return try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array)
    }

    private func status(_ method: Request.Method, _ path: String, as token: AccessToken) async -> Int {
        await test.ask(method, path, as: token).status
    }

    @Test func `sees the server from the grant until the revocation`() async throws {
        let cast = try await Cast()
        let (alice, charlie) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.charlie.user))
        let overview = "/api/v1/guilds/\(cast.alice.guild)"
        #expect(await status(.get, overview, as: charlie) == 404)
        let given = await test.ask(.post, path(cast.alice.guild), as: alice, body: body(cast.charlie.user))
        #expect(given.status == 201)
        #expect(await status(.get, overview, as: charlie) == 200)
        #expect(await status(.get, path(cast.alice.guild), as: charlie) == 403)
        let guest = try #require(try await list(cast.alice.guild, as: alice).first)
        #expect(guest["user"]?["id"]?.string == "\(cast.charlie.user)")
        #expect(guest["user"]?["name"]?.string == "charlie")
        #expect(guest["givenBy"]?["name"]?.string == "alice")
        #expect(guest["level"]?.string == "viewer")
        let id = try #require(guest["id"]?.string)
        #expect(await status(.delete, "\(path(cast.alice.guild))/\(id)", as: alice) == 204)
        #expect(await status(.get, overview, as: charlie) == 404)
        #expect(await status(.delete, "\(path(cast.alice.guild))/\(id)", as: alice) == 404)
        #expect(try await list(cast.alice.guild, as: alice).isEmpty)
    }

    /// A token lists the servers of its time.
    @Test func `sees a server granted after the token was issued, and none that the token omits`() async throws {
        let cast = try await Cast()
        let (alice, charlie) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.charlie.user))
        let overview = "/api/v1/guilds/\(cast.alice.guild)"
        func token(issued seconds: Int64) -> AccessToken {
            AccessToken(
                user: cast.charlie.user, session: charlie.session, username: "charlie", guilds: [],
                issuedAt: Timestamp.now.seconds + seconds)
        }
        let old = token(issued: -60)
        #expect(await status(.get, overview, as: old) == 404)
        let given = await test.ask(.post, path(cast.alice.guild), as: alice, body: body(cast.charlie.user))
        #expect(given.status == 201)
        #expect(await status(.get, overview, as: old) == 200)
        #expect(await status(.get, overview, as: token(issued: 20)) == 404)
    }

    @Test func `of another server's list cannot be ended from here`() async throws {
        let cast = try await Cast()
        let (alice, charlie) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.charlie.user))
        let friend = UserID(number: Cast.number())
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(friend)).status == 201)
        let id = try #require(try await list(cast.alice.guild, as: alice).first?["id"]?.string)
        #expect(await status(.delete, "\(path(cast.charlie.guild))/\(id)", as: charlie) == 404)
        #expect(try await list(cast.alice.guild, as: alice).count == 1)
    }

    @Test func `has one access at a time`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let friend = UserID(number: Cast.number())
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(friend)).status == 201)
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(friend, .admin)).status == 409)
        #expect(try await list(cast.alice.guild, as: alice).count == 1)
    }

    @Test func `whose access expired can be invited again`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        try await Seed(cast.alice).guest(cast.charlie.user, endsIn: -1)
        #expect(try await list(cast.alice.guild, as: alice).isEmpty)
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(cast.charlie.user)).status == 201)
    }

    @Test(arguments: [
        (#"{"userId":"12","level":"owner","hours":24}"#, "/level"),
        (#"{"userId":"12","level":"admin","hours":0}"#, "/hours"),
        (#"{"userId":"12","level":"admin","hours":721}"#, "/hours"),
        (#"{"userId":"x","level":"admin","hours":24}"#, "/userId"), (#"{"level":"admin","hours":24}"#, "/userId"),
        (#"{"userId":"12","level":"admin","hours":24,"clientId":"1"}"#, "/clientId"),
    ])
    func `is not made of wrong input`(json: String, pointer: String) async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let answer = await test.ask(.post, path(cast.alice.guild), as: alice, body: ("application/json", json))
        #expect(answer.status == 422)
        #expect(answer.text.contains(#""pointer":"\#(pointer)""#))
        #expect(try await list(cast.alice.guild, as: alice).isEmpty)
    }

    @Test func `is never the admin who grants the access`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(cast.alice.user)).status == 422)
    }

    @Test func `with an admin's level adds no guests and revokes none`() async throws {
        let cast = try await Cast()
        let (alice, charlie) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.charlie.user))
        try await Seed(cast.alice).guest(cast.charlie.user, .admin)
        let id = try #require(try await list(cast.alice.guild, as: charlie).first?["id"]?.string)
        let friend = UserID(number: Cast.number())
        #expect(await test.ask(.post, path(cast.alice.guild), as: charlie, body: body(friend)).status == 403)
        #expect(await status(.delete, "\(path(cast.alice.guild))/\(id)", as: charlie) == 403)
        #expect(try await list(cast.alice.guild, as: alice).count == 1)
    }

    @Test func `with a membership has the higher of both levels`() async throws {
        let cast = try await Cast()
        let bob = try await test.signIn(cast.bob.user)
        #expect(await status(.get, path(cast.alice.guild), as: bob) == 403)
        try await Seed(cast.alice).guest(cast.bob.user, .admin)
        #expect(await status(.get, path(cast.alice.guild), as: bob) == 200)
        try await Seed(cast.alice).guest(cast.alice.user, .viewer)
        let alice = try await test.signIn(cast.alice.user)
        let friend = UserID(number: Cast.number())
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(friend)).status == 201)
    }

    @Test func `is in the server's audit log, with grant and revocation`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let friend = UserID(number: Cast.number())
        #expect(await test.ask(.post, path(cast.alice.guild), as: alice, body: body(friend, .admin)).status == 201)
        let id = try #require(try await list(cast.alice.guild, as: alice).first?["id"]?.string)
        #expect(await status(.delete, "\(path(cast.alice.guild))/\(id)", as: alice) == 204)
        let entries = try await AuditTrail.entries(of: cast.alice.client).suffix(2)
        #expect(entries.map(\.action) == ["access.given", "access.ended"])
        #expect(entries.allSatisfy { $0.actor == cast.alice.user && $0.target == id && $0.source == "api" })
        #expect(entries.allSatisfy { $0.changes.contains(#""userId": "\#(friend)""#) })
    }
}
