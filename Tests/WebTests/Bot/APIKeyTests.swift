import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `API keys` {
    let test = TestSite.shared
    let cast: Cast
    let alice: AccessToken
    private var path: String { "/api/v1/guilds/\(cast.alice.guild)/api-keys" }

    init() async throws {
        cast = try await Cast()
        alice = try await test.signIn(cast.alice.user)
    }

    private func make(_ body: String = #"{"name":"Bot","scopes":["posts","queue"]}"#) async -> Response {
        await test.ask(.post, path, as: alice, body: ("application/json", body))
    }

    private func json(_ answer: Response) throws -> JSONValue { try JSONParser.parse(Array(answer.text.utf8)) }

    private func list() async throws -> [JSONValue] {
        try #require(try json(await test.ask(.get, path, as: alice))["items"]?.array)
    }

    @Test func `show their secret once`() async throws {
        let made = try json(await make())
        let secret = try #require(made["secret"]?.string)
        #expect(secret.hasPrefix("tds_") && secret.utf8.count == 47)
        let listed = await test.ask(.get, path, as: alice)
        #expect(!listed.text.contains("secret") && !listed.text.contains(secret))
        let key = try #require(try await list().first)
        #expect(key["key"]?.string == made["key"]?.string && key["lastUsedAt"] == .null)
        #expect(key["scopes"]?.array?.compactMap(\.string) == ["posts", "queue"])
        let stored = try await ask { [access = cast.alice] in
            try await $0.rows("SELECT secret_ciphertext FROM api_keys", in: access)[0].data(0)
        }
        #expect(!String(decoding: stored, as: UTF8.self).contains(secret.dropFirst(4)))
    }

    @Test(arguments: [
        (#"{}"#, "/name"), (#"{"name":"","scopes":["posts"]}"#, "/name"), (#"{"name":"x","scopes":[]}"#, "/scopes"),
        (#"{"name":"x","scopes":["heartbeat"]}"#, "/scopes/0"), (#"{"name":"x","scopes":["posts",7]}"#, "/scopes/1"),
        (#"{"name":"x","scopes":["posts"],"extra":1}"#, "/extra"),
    ])
    func `name the field that is wrong`(body: String, pointer: String) async throws {
        let answer = await make(body)
        #expect(answer.status == 422)
        #expect(answer.text.contains(#""pointer":"\#(pointer)""#))
        #expect(try await list().isEmpty)
    }

    @Test func `are replaced by new ones, and both work during the overlap`() async throws {
        let old = try json(await make())
        let id = try #require(old["id"]?.string)
        let answer = await test.ask(
            .post, "\(path)/\(id)/rotate", as: alice, body: ("application/json", #"{"overlapHours":1}"#))
        let new = try json(answer)
        #expect(answer.status == 201 && new["secret"]?.string != old["secret"]?.string)
        #expect(new["name"]?.string == "Bot" && new["scopes"] == old["scopes"])
        let keys = try await list()
        #expect(keys.count == 2 && keys[0]["endsAt"] == .null && keys[1]["endsAt"]?.string != nil)
        let twice = await test.ask(.post, "\(path)/\(id)/rotate", as: alice, body: ("application/json", "{}"))
        #expect(twice.status == 409 && twice.text.contains("was replaced before"))
        let trail = try await AuditTrail.entries(of: cast.alice.client).map(\.action)
        #expect(trail.suffix(2) == ["api_key.created", "api_key.rotated"])
    }

    @Test func `are read one by one, as long as they work`() async throws {
        let made = await make()
        let place = try #require(made.header("Location"))
        let id = try #require(try json(made)["id"]?.string)
        #expect(made.status == 201 && place == "\(path)/\(id)")
        let read = await test.ask(.get, place, as: alice)
        #expect(try read.status == 200 && json(read)["name"]?.string == "Bot" && !read.text.contains("tds_"))
        #expect(await test.ask(.delete, place, as: alice).status == 204)
        #expect(await test.ask(.get, place, as: alice).status == 404)
    }

    @Test func `are at most twenty, and twenty more that were replaced and still work`() async throws {
        var ids: [String] = []
        for _ in 1...20 { ids.append(try #require(try json(await make())["id"]?.string)) }
        #expect(await make().status == 409)
        for id in ids {
            let answer = await test.ask(.post, "\(path)/\(id)/rotate", as: alice, body: ("application/json", "{}"))
            #expect(answer.status == 201)
        }
        let newest = try #require(try await list().first?["id"]?.string)
        let oneMore = await test.ask(.post, "\(path)/\(newest)/rotate", as: alice, body: ("application/json", "{}"))
        #expect(oneMore.status == 409 && oneMore.text.contains("still work"))
        #expect(try await list().count == 40)
        #expect(await test.ask(.delete, "\(path)/\(ids[0])", as: alice).status == 204)
        let again = await test.ask(.post, "\(path)/\(newest)/rotate", as: alice, body: ("application/json", "{}"))
        #expect(again.status == 201)
    }

    @Test func `are at most twenty, also of many at the same time`() async throws {
        for _ in 1...18 { #expect(await make().status == 201) }
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 1...6 { group.addTask { await make().status } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [201: 2, 409: 4])
    }

    @Test func `are rotated once by parallel requests, and the others get 409`() async throws {
        let id = try #require(try json(await make())["id"]?.string)
        let path = "\(path)/\(id)/rotate"
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 1...6 {
                group.addTask { await test.ask(.post, path, as: alice, body: ("application/json", "{}")).status }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [201: 1, 409: 5])
    }

    @Test func `are refused for guests, who could use them after their access expires`() async throws {
        let guest = #"{"userId":"\#(cast.charlie.user)","level":"admin","hours":1}"#
        let access = "/api/v1/guilds/\(cast.alice.guild)/access"
        #expect(await test.ask(.post, access, as: alice, body: ("application/json", guest)).status == 201)
        let charlie = try await test.signIn(cast.charlie.user)
        #expect(await test.ask(.get, path, as: charlie).status == 403)
        let page = "/guilds/\(cast.alice.guild)/api-keys"
        #expect(await test.ask(.get, page, as: charlie).status == 403)
        // So only admins who are no guests see a link to it.
        let overview = "/guilds/\(cast.alice.guild)"
        let shown = await [test.ask(.get, overview, as: alice), test.ask(.get, overview, as: charlie)]
        #expect(shown.map(\.status) == [200, 200])
        #expect(shown.map { $0.text.contains(#"href="\#(page)""#) } == [true, false])
        #expect(shown.map { $0.text.contains(#"href="\#(overview)/access""#) } == [true, true])
    }

    @Test func `are created once if a form is sent twice, as by a reload`() async throws {
        let tokens = try await test.enter(cast.alice.user)
        let page = "/guilds/\(cast.alice.guild)/api-keys"
        let (form, proof) = ([("name", "Twice"), ("scope-posts", "on")], test.formToken(of: tokens))
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 1...4 { group.addTask { await test.submit(page, form, as: tokens, proof: proof).status } }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 1, 409: 3])
        let again = await test.submit(page, form, as: tokens, proof: proof)
        #expect(again.status == 409 && again.text.contains("its key was made then") && !again.text.contains("tds_"))
        #expect(try await list().count == 1)
        let other = [("name", "Another"), form[1]]
        #expect(await test.submit(page, other, as: tokens, proof: proof).status == 200)
        #expect(await test.submit(page, form, as: tokens).status == 200)
        #expect(try await list().count == 3)
    }

    @Test func `are replaced once on the page, even if it is reloaded`() async throws {
        let tokens = try await test.enter(cast.alice.user)
        let id = try #require(try json(await make())["id"]?.string)
        let page = "/guilds/\(cast.alice.guild)/api-keys/\(id)/rotate"
        #expect(await test.submit(page, as: tokens).text.contains("tds_"))
        let again = await test.submit(page, as: tokens)
        #expect(again.status == 409 && again.text.contains("was replaced before") && !again.text.contains("tds_"))
        #expect(try await list().count == 2)
        let back = await test.ask(.get, page, as: alice)
        #expect(back.status == 303 && back.header("Location") == "/guilds/\(cast.alice.guild)/api-keys")
        #expect(await test.submit("/guilds/\(cast.charlie.guild)/api-keys/\(id)/rotate", as: tokens).status == 404)
    }

    @Test func `are made on a page that shows the secret and is stored nowhere`() async throws {
        let tokens = try await test.enter(cast.alice.user)
        let page = "/guilds/\(cast.alice.guild)/api-keys"
        let made = await test.submit(page, [("name", "<b>Bot</b>"), ("scope-posts", "on")], as: tokens)
        #expect(made.status == 200 && made.header("Cache-Control") == "no-store")
        #expect(made.text.contains("&lt;b&gt;Bot") && made.text.contains("tds_"))
        let shown = await test.ask(.get, page, as: alice)
        #expect(shown.text.contains("&lt;b&gt;Bot") && !shown.text.contains("tds_"))
        let refused = await test.submit(page, [("name", " ")], as: tokens)
        #expect(refused.status == 422 && refused.text.contains("Choose at least one."))
    }
}
