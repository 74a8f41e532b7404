import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `Groups that admins change` {
    @Test func `are added to a brand, renamed, moved and deleted`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let (acme, zeta) = (try await alice.brand("Acme"), try await alice.brand("Zeta"))
        let made = try await alice.add("groups", #"{"name":"Spain","brandId":"\#(acme)"}"#)
        #expect(made["brand"]?["name"]?.string == "Acme")
        let id = try #require(made["id"]?.string)
        _ = try await alice.account("ana", in: id)
        let moved = await alice.send(.patch, "groups/\(id)", #"{"brandId":"\#(zeta)"}"#)
        #expect(moved.status == 200)
        #expect(try moved.parsed()["brand"]?["id"]?.string == zeta)
        #expect(try moved.parsed()["accountCount"]?.int64 == 1)
        let renamed = await alice.send(.patch, "groups/\(id)", #"{"name":"España","brandId":"\#(zeta)"}"#)
        #expect(try renamed.parsed()["name"]?.string == "España")
        #expect(await alice.send(.delete, "groups/\(id)").status == 409)
        #expect(await alice.send(.delete, "groups/\(id)", query: "cascade=true").status == 204)
        #expect(await alice.send(.get, "groups/\(id)").status == 404)
        let entries = try await alice.entries().filter { $0.action.hasPrefix("group") }
        #expect(entries.map(\.action) == ["group.created", "group.updated", "group.updated", "group.deleted"])
        let fields = try entries.map { try $0.fields }
        #expect(fields == [["brandId", "name"], ["brandId"], ["name"], ["accounts", "name"]])
        #expect(try entries[1].change("brandId")?["from"]?.string == acme)
        #expect(try entries[1].change("brandId")?["to"]?.string == zeta)
        #expect(try entries[3].change("accounts")?["from"]?.int64 == 1)
    }

    @Test func `have a name of their own within a brand only`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let (acme, zeta) = (try await alice.brand("Acme"), try await alice.brand("Zeta"))
        let first = try await alice.group("Spain", of: acme)
        _ = try await alice.group("Spain", of: zeta)
        for answer in [
            await alice.send(.post, "groups", #"{"name":"spain","brandId":"\#(acme)"}"#),
            await alice.send(.patch, "groups/\(first)", #"{"brandId":"\#(zeta)"}"#),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.pointers == ["/name"])
        }
        #expect(try await alice.entries().count == 4)
    }

    @Test func `are in no brand that is unknown or another tenant's`() async throws {
        let cast = try await Cast()
        let (alice, charlie) = (try await Manager(cast.alice), try await Manager(cast.charlie))
        let group = try await alice.group("Spain", of: try await alice.brand("Acme"))
        let theirs = try await charlie.brand("Theirs")
        var texts: Set<String> = []
        for brand in [theirs, "9000000000000000000"] {
            for answer in [
                await alice.send(.post, "groups", #"{"name":"New","brandId":"\#(brand)"}"#),
                await alice.send(.patch, "groups/\(group)", #"{"brandId":"\#(brand)"}"#),
            ] {
                #expect(answer.status == 422)
                #expect(try answer.pointers == ["/brandId"])
                texts.insert(try #require(try answer.parsed()["errors"]?.array?.first?["message"]?.string))
            }
        }
        #expect(texts.count == 1, "the answers differ")
        #expect(await charlie.send(.get, "groups/\(group)").status == 404)
        #expect(try await alice.entries().count == 2)
    }

    @Test(arguments: [
        ("{}", ["/name", "/brandId"]), (#"{"name":"X","brandId":7}"#, ["/brandId"]),
        (#"{"name":"X","brandId":"007"}"#, ["/brandId"]),
        (#"{"name":"","brandId":null,"x":1}"#, ["/name", "/brandId", "/x"]),
    ])
    func `are not made of wrong input`(json: String, pointers: [String]) async throws {
        let alice = try await Manager(try await Cast().alice)
        let answer = await alice.send(.post, "groups", json)
        #expect(answer.status == 422)
        #expect(try answer.pointers == pointers)
    }

    @Test func `are not changed by viewers`() async throws {
        let cast = try await Cast()
        let (alice, bob) = (try await Manager(cast.alice), try await Manager(cast.bob))
        let brand = try await alice.brand("Acme")
        let id = try await alice.group("Spain", of: brand)
        #expect(await bob.send(.post, "groups", #"{"name":"X","brandId":"\#(brand)"}"#).status == 403)
        #expect(await bob.send(.patch, "groups/\(id)", #"{"name":"X"}"#).status == 403)
        #expect(await bob.send(.delete, "groups/\(id)").status == 403)
        #expect(await bob.send(.get, "groups/\(id)").status == 200)
    }
}
