import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `A request with an Idempotency-Key` {
    let alice: Manager
    let cast: Cast

    init() async throws {
        cast = try await Cast()
        alice = try await Manager(cast.alice)
    }

    private func post(
        _ path: String, _ json: String, key: String = "one", as token: AccessToken? = nil, to test: TestSite = .shared
    ) async -> Response {
        await test.ask(
            .post, "/api/v1/guilds/\(alice.access.guild)/\(path)", as: token ?? alice.token,
            headers: [("Idempotency-Key", key)], body: ("application/json", json))
    }

    @Test func `is carried out once and gets the first answer again`() async throws {
        let first = await post("brands", #"{"name":"Acme"}"#)
        #expect(first.status == 201 && first.header("Idempotency-Replayed") == nil)
        let id = try #require(try first.parsed()["id"]?.string)
        // Later changes of the brand do not matter.
        #expect(await alice.send(.patch, "brands/\(id)", #"{"name":"Renamed"}"#).status == 200)
        let again = await post("brands", #"{"name":"Acme"}"#)
        #expect(again.status == 201 && again.text == first.text)
        #expect(again.header("Location") == first.header("Location"))
        #expect(again.header("Content-Type") == "application/json")
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(try await alice.entries().map(\.action) == ["brand.created", "brand.updated"])
    }

    @Test func `is carried out once of many at the same time`() async throws {
        let answers = await withTaskGroup(of: Response.self) { group in
            for _ in 1...8 { group.addTask { await post("groups", #"{"name":"x","brandId":"1"}"#, key: "g") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // No brand was created, so each of them may have been the first.
        #expect(Set(answers.map(\.status)).isSubset(of: [422, 409]))
        let made = await withTaskGroup(of: Response.self) { group in
            for _ in 1...8 { group.addTask { await post("brands", #"{"name":"Many"}"#, key: "many") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(made.map(\.status)).isSubset(of: [201, 409]))
        #expect(Set(made.filter { $0.status == 201 }.map(\.text)).count == 1)
        #expect(try await alice.entries().map(\.action) == ["brand.created"])
    }

    @Test func `is refused with another body, place or server`() async throws {
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 201)
        for (path, json) in [("brands", #"{"name":"Other"}"#), ("groups", #"{"name":"Acme"}"#)] {
            let answer = await post(path, json)
            #expect(answer.status == 422)
            #expect(try answer.pointers == ["Idempotency-Key"])
        }
        #expect(try await alice.entries().count == 1)
    }

    @Test func `can reuse its key if it changed nothing`() async throws {
        #expect(await post("brands", #"{"name":""}"#).status == 422)
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 201)
    }

    @Test func `is separate for each person`() async throws {
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 201)
        let bob = try await alice.test.signIn(cast.bob.user)
        let charlie = try await alice.test.signIn(cast.charlie.user)
        #expect(await post("brands", #"{"name":"Acme"}"#, as: bob).status == 403)
        #expect(await post("brands", #"{"name":"Acme"}"#, as: charlie).status == 404)
    }

    @Test func `is not answered again after the right was lost`() async throws {
        let json = #"{"name":"Acme"}"#
        #expect(await post("brands", json).status == 201)
        let user = alice.access.user
        _ = try await ask { try await $0.rows("DELETE FROM user_guilds WHERE user_id = \(user)") }
        let another = TestSite()
        #expect(await post("brands", json, to: another).status == 404)
    }

    @Test func `returns a secret again, which is stored sealed`() async throws {
        let json = #"{"name":"a bot","scopes":["posts"]}"#
        let first = await post("api-keys", json)
        #expect(first.status == 201)
        let secret = try #require(try first.parsed()["secret"]?.string)
        #expect(await post("api-keys", json).text == first.text)
        let user = alice.access.user
        let kept = try await ask { database in
            try await database.rows("SELECT answer_ciphertext FROM idempotency_keys WHERE user_id = \(user)")[0].data(0)
        }
        #expect(!String(decoding: kept, as: UTF8.self).contains(secret))
    }

    @Test func `that was never answered is not carried out again`() async throws {
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 201)
        let user = alice.access.user
        func leave(since: String) async throws {
            _ = try await ask { database in
                try await database.rows(
                    """
                    UPDATE idempotency_keys SET answer_ciphertext = NULL, created_at = now() - \(since)::interval
                     WHERE user_id = \(user)
                    """)
            }
        }
        try await leave(since: "1 second")
        let early = await post("brands", #"{"name":"Acme"}"#)
        #expect(early.status == 409 && early.text.contains("in progress"))
        try await leave(since: "2 minutes")
        let late = await post("brands", #"{"name":"Acme"}"#)
        #expect(late.status == 409 && late.text.contains("is unknown"))
        #expect(try await alice.entries().count == 1)
        try await leave(since: "25 hours")
        _ = try await ask { try await CleanUp.run($0) }
        #expect(await post("brands", #"{"name":"Another"}"#).status == 201)
    }

    @Test func `can be sent again after another conflict`() async throws {
        let holder = try WaitingConnection(role: .login)
        try await holder.script("BEGIN")
        _ = try await holder.rows(
            "SELECT FROM audit_heads WHERE client_id = \(alice.access.client) FOR UPDATE")
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 503)
        try await holder.script("ROLLBACK")
        #expect(await post("brands", #"{"name":"Acme"}"#).status == 201)
        #expect(try await alice.entries().count == 1)
    }

    @Test(arguments: ["", String(repeating: "k", count: 201), "ü", "a\tb"])
    func `must be plain`(key: String) async throws {
        let answer = await post("brands", #"{"name":"Acme"}"#, key: key)
        #expect(answer.status == 400)
        #expect(answer.text.contains("Idempotency-Key"))
        #expect(try await alice.entries().isEmpty)
    }
}
