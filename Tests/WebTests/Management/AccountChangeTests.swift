import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `Accounts that admins change` {
    @Test func `are added, changed, moved and deleted`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let brand = try await alice.brand("Acme")
        let (spain, france) = (try await alice.group("Spain", of: brand), try await alice.group("France", of: brand))
        let made = try await alice.add(
            "accounts",
            #"""
            {"platform":"tiktok","handle":"@Ana.B","groupId":"\#(spain)","displayName":" Ana ",
             "url":"https://www.tiktok.com/@ana.b","status":"paused","notes":"one\r\ntwo"}
            """#)
        #expect(made["handle"]?.string == "Ana.B" && made["displayName"]?.string == "Ana")
        #expect(made["status"]?.string == "paused" && made["notes"]?.string == "one\ntwo")
        #expect(made["group"]?["name"]?.string == "Spain" && made["brand"]?["name"]?.string == "Acme")
        #expect(made["followers"] == .null)
        let id = try #require(made["id"]?.string)
        let json = #"{"groupId":"\#(france)","url":null,"status":"active","displayName":""}"#
        let changed = await alice.send(.patch, "accounts/\(id)", json)
        #expect(changed.status == 200)
        let now = try changed.parsed()
        #expect(now["group"]?["id"]?.string == france && now["url"] == .null && now["status"]?.string == "active")
        #expect(now["handle"]?.string == "Ana.B" && now["notes"]?.string == "one\ntwo")
        #expect(await alice.send(.delete, "accounts/\(id)").status == 204)
        #expect(await alice.send(.delete, "accounts/\(id)").status == 404)
        let entries = try await alice.entries().filter { $0.action.hasPrefix("account") }
        #expect(entries.map(\.action) == ["account.created", "account.updated", "account.deleted"])
        #expect(try entries[1].fields == ["displayName", "groupId", "status", "url"])
        #expect(try entries[1].change("url")?["from"]?.string == "https://www.tiktok.com/@ana.b")
        #expect(try entries[1].change("displayName")?["to"] == .null)
        #expect(try entries[2].change("handle")?["from"]?.string == "Ana.B")
    }

    @Test func `keep their version after a change without effect`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let group = try await alice.group("Spain", of: try await alice.brand("Acme"))
        let id = try await alice.account("ana", in: group)
        let same = #"{"handle":"@ana","groupId":"\#(group)","url":null,"status":"active","notes":"","displayName":""}"#
        for json in ["{}", same] {
            let answer = await alice.send(.patch, "accounts/\(id)", json)
            #expect(answer.status == 200)
            #expect(try answer.parsed()["version"]?.int64 == 1)
        }
        #expect(try await alice.entries().count == 3)
    }

    @Test(arguments: [
        ("{}", ["/platform", "/handle", "/groupId"]),
        (#"{"platform":"myspace","handle":"a b","groupId":"1"}"#, ["/platform"]),
        (#"{"platform":"x","handle":"a-b","groupId":"1"}"#, ["/handle"]),
        (#"{"platform":"x","handle":"ana","groupId":"x","url":"javascript:alert(1)"}"#, ["/groupId", "/url"]),
        (
            #"{"platform":"x","handle":"ana","groupId":"1","status":"suspended","followers":9,"externalId":"1"}"#,
            ["/status", "/followers", "/externalId"]
        ),
        (
            #"{"platform":"x","handle":"ana","groupId":"1","notes":null,"displayName":null}"#,
            ["/displayName", "/notes"]
        ),
        (#"{"platform":"x","handle":"ana","groupId":"9000000000000000000"}"#, ["/groupId"]),
    ])
    func `are not made of wrong input`(json: String, pointers: [String]) async throws {
        let alice = try await Manager(try await Cast().alice)
        let answer = await alice.send(.post, "accounts", json)
        #expect(answer.status == 422)
        #expect(try answer.pointers == pointers)
        #expect(try await alice.entries().isEmpty)
    }

    @Test(arguments: [
        (#"{"platform":"x"}"#, ["/platform"]), (#"{"handle":"a..b"}"#, ["/handle"]),
        (#"{"handle":"","status":"error","postCount":1}"#, ["/handle", "/status", "/postCount"]),
        (#"{"groupId":"9000000000000000000"}"#, ["/groupId"]), (#"{"url":"http://user@a.example"}"#, ["/url"]),
    ])
    func `are not changed to wrong input`(json: String, pointers: [String]) async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.account("ana", in: try await alice.group("Spain", of: try await alice.brand("Acme")))
        let answer = await alice.send(.patch, "accounts/\(id)", json)
        #expect(answer.status == 422)
        #expect(try answer.pointers == pointers)
        #expect(try await alice.entries().count == 3)
    }

    @Test func `have a handle of their own on a platform`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let group = try await alice.group("Spain", of: try await alice.brand("Acme"))
        _ = try await alice.account("ana", in: group)
        let other = try await alice.account("ben", in: group)
        let elsewhere = #"{"platform":"tiktok","handle":"ana","groupId":"\#(group)"}"#
        #expect(await alice.send(.post, "accounts", elsewhere).status == 201)
        for answer in [
            await alice.send(.post, "accounts", #"{"platform":"instagram","handle":"ANA","groupId":"\#(group)"}"#),
            await alice.send(.patch, "accounts/\(other)", #"{"handle":"@Ana"}"#),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.pointers == ["/handle"])
        }
    }

    @Test func `are not changed by viewers, nor from another server`() async throws {
        let cast = try await Cast()
        let (alice, bob) = (try await Manager(cast.alice), try await Manager(cast.bob))
        let charlie = try await Manager(cast.charlie)
        let group = try await alice.group("Spain", of: try await alice.brand("Acme"))
        let id = try await alice.account("ana", in: group)
        let theirs = try await charlie.group("Theirs", of: try await charlie.brand("Theirs"))
        let json = #"{"platform":"x","handle":"ana","groupId":"\#(group)"}"#
        #expect(await bob.send(.post, "accounts", json).status == 403)
        #expect(await bob.send(.patch, "accounts/\(id)", "{}").status == 403)
        #expect(await bob.send(.delete, "accounts/\(id)").status == 403)
        #expect(await charlie.send(.patch, "accounts/\(id)", #"{"handle":"x"}"#).status == 404)
        #expect(await charlie.send(.delete, "accounts/\(id)", query: "cascade=true").status == 404)
        #expect(try await charlie.send(.post, "accounts", json).pointers == ["/groupId"])
        #expect(try await alice.send(.patch, "accounts/\(id)", #"{"groupId":"\#(theirs)"}"#).pointers == ["/groupId"])
        #expect(await alice.send(.get, "accounts/\(id)").status == 200)
    }

    @Test func `can be set to active or paused after any status from the bot`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let seed = Seed(cast.alice)
        let id = try await seed.account("ana", in: try await seed.group("Spain"), status: .private)
        #expect(await alice.send(.patch, "accounts/\(id)", #"{"status":"private"}"#).status == 422)
        let paused = await alice.send(.patch, "accounts/\(id)", #"{"status":"paused"}"#)
        #expect(try paused.parsed()["status"]?.string == "paused")
    }
}
