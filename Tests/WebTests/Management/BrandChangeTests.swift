import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `Brands that admins change` {
    @Test func `are added, renamed and deleted, each with one entry in the audit log`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let made = try await alice.add("brands", #"{"name":"  Acme "}"#)
        #expect(made["name"]?.string == "Acme" && made["groupCount"]?.int64 == 0)
        let id = try #require(made["id"]?.string)
        let renamed = await alice.send(.patch, "brands/\(id)", #"{"name":"Acme Ltd"}"#)
        #expect(renamed.status == 200)
        #expect(try renamed.parsed()["name"]?.string == "Acme Ltd")
        #expect(try renamed.parsed()["version"]?.int64 == 2)
        #expect(await alice.send(.get, "brands/\(id)").text == renamed.text)
        #expect(await alice.send(.delete, "brands/\(id)").status == 204)
        #expect(await alice.send(.delete, "brands/\(id)").status == 404)
        #expect(await alice.send(.patch, "brands/\(id)", #"{"name":"Acme"}"#).status == 404)
        let entries = try await alice.entries()
        #expect(entries.map(\.action) == ["brand.created", "brand.updated", "brand.deleted"])
        #expect(entries.allSatisfy { $0.actor == alice.access.user && $0.target == id && $0.source == "api" })
        #expect(
            entries.map(\.changes) == [
                #"{"name": {"to": "Acme", "from": null}}"#, #"{"name": {"to": "Acme Ltd", "from": "Acme"}}"#,
                #"{"name": {"to": null, "from": "Acme Ltd"}}"#,
            ])
    }

    @Test func `are changed only from the version in If-Match`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.brand("Acme")
        func send(_ method: Request.Method, _ json: String?, _ tag: String) async -> Response {
            await alice.test.ask(
                method, "/api/v1/guilds/\(alice.access.guild)/brands/\(id)", as: alice.token,
                headers: [("If-Match", tag)], body: json.map { ("application/json", $0) })
        }
        #expect(await alice.send(.get, "brands/\(id)").header("ETag") == #""1""#)
        let first = await send(.patch, #"{"name":"One"}"#, #""1""#)
        #expect(first.status == 200 && first.header("ETag") == #""2""#)
        for (method, json) in [(Request.Method.patch, #"{"name":"Two"}"#), (.delete, nil)] {
            let outdated = await send(method, json, #""1", "7""#)
            #expect(outdated.status == 412 && outdated.header("ETag") == #""2""#)
            #expect(try outdated.parsed()["currentVersion"]?.int64 == 2)
            #expect(await send(method, json, "2").status == 400)
        }
        #expect(await send(.patch, #"{"name":"Three"}"#, "*").status == 200)
        #expect(try await alice.send(.get, "brands/\(id)").parsed()["name"]?.string == "Three")
        #expect(await send(.delete, nil, #""3""#).status == 204)
        #expect(await send(.patch, #"{"name":"x"}"#, #""3""#).status == 404)
        #expect(try await alice.entries().count == 4)
    }

    @Test func `have an ETag, as their groups and accounts do`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let (one, two) = (try await alice.brand("One"), try await alice.brand("Two"))
        let group = try await alice.group("Group", of: one)
        let account = try await alice.account("acme", in: group)
        func patch(_ path: String, _ json: String, _ tag: String) async -> Int {
            await alice.test.ask(
                .patch, "/api/v1/guilds/\(alice.access.guild)/\(path)", as: alice.token, headers: [("If-Match", tag)],
                body: ("application/json", json)
            ).status
        }
        #expect(await alice.send(.get, "groups/\(group)").header("ETag") == #""1""#)
        #expect(await patch("groups/\(group)", #"{"brandId":"\#(two)"}"#, #""2""#) == 412)
        #expect(await patch("groups/\(group)", #"{"brandId":"\#(two)"}"#, #""1""#) == 200)
        #expect(await alice.send(.get, "accounts/\(account)").header("ETag") == #""1""#)
        #expect(await patch("accounts/\(account)", #"{"notes":"n"}"#, #""9""#) == 412)
        #expect(await patch("accounts/\(account)", #"{"notes":"n"}"#, #""1""#) == 200)
    }

    @Test(arguments: ["{}", #"{"name":"Acme"}"#, #"{"name":" Acme  "}"#])
    func `keep their version after a change without effect`(json: String) async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.brand("Acme")
        let answer = await alice.send(.patch, "brands/\(id)", json)
        #expect(answer.status == 200)
        #expect(try answer.parsed()["version"]?.int64 == 1)
        #expect(try await alice.entries().count == 1)
    }

    @Test(arguments: [
        ("{}", ["/name"]), (#"{"name":""}"#, ["/name"]), (#"{"name":" \u200b "}"#, ["/name"]),
        (#"{"name":null}"#, ["/name"]), (#"{"name":7}"#, ["/name"]), (#"{"name":"a\nb"}"#, ["/name"]),
        (#"{"name":"\#(String(repeating: "x", count: 101))"}"#, ["/name"]),
        (#"{"name":"","clientId":"1","id":"2"}"#, ["/name", "/clientId", "/id"]), ("[]", [""]),
    ])
    func `are not made of wrong input`(json: String, pointers: [String]) async throws {
        let alice = try await Manager(try await Cast().alice)
        let answer = await alice.send(.post, "brands", json)
        #expect(answer.status == 422)
        #expect(try answer.pointers == pointers)
        #expect(try await alice.entries().isEmpty)
        let id = try await alice.brand("Acme")
        guard json != "{}" else { return }
        let change = await alice.send(.patch, "brands/\(id)", json)
        #expect(change.status == 422)
        #expect(try change.pointers == pointers)
    }

    @Test(arguments: ["acme", "ACME", " Acme"])
    func `have a name of their own, without regard to case`(name: String) async throws {
        let alice = try await Manager(try await Cast().alice)
        _ = try await alice.brand("Acme")
        let other = try await alice.brand("Other")
        for answer in [
            await alice.send(.post, "brands", #"{"name":"\#(name)"}"#),
            await alice.send(.patch, "brands/\(other)", #"{"name":"\#(name)"}"#),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.pointers == ["/name"])
            #expect(answer.text.contains("is taken by another brand."))
        }
        #expect(try await alice.entries().count == 2)
    }

    @Test func `keep the case of their name when only that changes`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.brand("Acme")
        let answer = await alice.send(.patch, "brands/\(id)", #"{"name":"ACME"}"#)
        #expect(try answer.parsed()["name"]?.string == "ACME")
    }

    @Test func `are not changed by viewers, and not found by others`() async throws {
        let cast = try await Cast()
        let (alice, bob) = (try await Manager(cast.alice), try await Manager(cast.bob))
        let charlie = try await Manager(cast.charlie)
        let id = try await alice.brand("Acme")
        let theirs = try await charlie.brand("Theirs")
        for (method, path, json) in [
            (.post, "brands", #"{"name":"X"}"#), (.patch, "brands/\(id)", #"{"name":"X"}"#),
            (.delete, "brands/\(id)", nil),
        ] as [(Request.Method, String, String?)] {
            #expect(await bob.send(method, path, json).status == 403, "\(method)")
            #expect(await charlie.send(method, path, json, in: cast.alice.guild).status == 404, "\(method)")
        }
        // Another tenant's id in the own server is like an unknown one.
        for path in ["brands/\(theirs)", "brands/9000000000000000000"] {
            #expect(await alice.send(.get, path).status == 404)
            #expect(await alice.send(.patch, path, #"{"name":"X"}"#).status == 404)
            #expect(await alice.send(.delete, path, query: "cascade=true").status == 404)
        }
        #expect(try await alice.entries().count == 1)
        #expect(await charlie.send(.get, "brands/\(theirs)").status == 200)
    }

    @Test func `are changed by guests with the level admin`() async throws {
        let cast = try await Cast()
        try await Seed(cast.alice).guest(cast.charlie.user, .admin)
        let charlie = try await Manager(cast.charlie)
        let made = await charlie.send(.post, "brands", #"{"name":"Guest's"}"#, in: cast.alice.guild)
        #expect(made.status == 201)
        let entry = try #require(try await Manager(cast.alice).entries().last)
        #expect(entry.actor == cast.charlie.user)
    }

    @Test func `take any text as a name`() async throws {
        let alice = try await Manager(try await Cast().alice)
        for text in HostileTextSamples.texts {
            var json = JSONWriter()
            json.object { $0.string("name", text) }
            let body = String(decoding: json.finish().array, as: UTF8.self)
            let answer = await alice.send(.post, "brands", body)
            #expect(answer.status == 201)
            #expect(try answer.parsed()["name"]?.string.map { Array($0.utf8) } == Array(text.utf8))
        }
    }
}

enum HostileTextSamples {
    static let texts = [
        "'; DROP TABLE brands; --", #""><script>alert(1)</script>"#, "\"\u{301}", "\u{200F}gnp.exe", "{{7*7}}", "%_\\",
        "a\u{301}", "\u{E1}", "😀", "İstanbul", "$1", "x\u{A0}y",
    ]
}
