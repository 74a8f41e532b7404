import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.serialized, .timeLimit(.minutes(2))) struct `Changes at the same time` {
    private func statuses(
        _ count: Int, _ send: @escaping @Sendable (Int) async -> Response
    ) async -> [Int] {
        await withTaskGroup(of: Int.self) { tasks in
            for number in 0..<count { tasks.addTask { await send(number).status } }
            var found: [Int] = []
            for await status in tasks { found.append(status) }
            return found.sorted()
        }
    }

    @Test func `make one of the same name`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let found = await statuses(8) { _ in await alice.send(.post, "brands", #"{"name":"Acme"}"#) }
        #expect(found == [201] + Array(repeating: 409, count: 7))
        #expect(try await alice.entries().count == 1)
    }

    @Test func `delete once`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.brand("Acme")
        _ = try await alice.group("Spain", of: id)
        let found = await statuses(6) { _ in await alice.send(.delete, "brands/\(id)", query: "cascade=true") }
        #expect(found == [204] + Array(repeating: 404, count: 5))
        #expect(try await alice.entries().count { $0.action == "brand.deleted" } == 1)
    }

    @Test func `log each change with the value that it replaced`() async throws {
        let alice = try await Manager(try await Cast().alice)
        let id = try await alice.brand("0")
        let found = await statuses(8) { number in
            await alice.send(.patch, "brands/\(id)", #"{"name":"\#(number + 1)"}"#)
        }
        #expect(found == Array(repeating: 200, count: 8))
        let names = try await alice.entries().map { try $0.change("name") }
        #expect(names.count == 9)
        for (before, after) in zip(names, names.dropFirst()) { #expect(before?["to"] == after?["from"]) }
    }

    @Test func `fill and delete a group without a failure or a partial result`() async throws {
        let alice = try await Manager(try await Cast().alice)
        for round in 0..<5 {
            let brand = try await alice.brand("Acme \(round)")
            let (first, second) = (try await alice.group("A", of: brand), try await alice.group("B", of: brand))
            let account = try await alice.account("ana\(round)", in: second)
            let found = await statuses(6) { number in
                switch number {
                case 0: await alice.send(.delete, "brands/\(brand)", query: "cascade=true")
                case 1: await alice.send(.patch, "accounts/\(account)", #"{"groupId":"\#(first)"}"#)
                case 2: await alice.send(.patch, "groups/\(first)", #"{"name":"C"}"#)
                case 3: await alice.send(.delete, "groups/\(first)", query: "cascade=true")
                default:
                    await alice.send(
                        .post, "accounts",
                        #"{"platform":"x","handle":"n\#(round)_\#(number)","groupId":"\#(first)"}"#)
                }
            }
            #expect(found.allSatisfy { [200, 201, 204, 404, 422].contains($0) }, "\(found)")
            #expect(await alice.send(.get, "brands/\(brand)").status == 404)
        }
        let left = try await alice.send(.get, "accounts").parsed()
        #expect(left["items"]?.array?.isEmpty == true)
    }

    @Test func `wait for posts that are stored while their account is deleted`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("Spain"))
        async let posts = withTaskGroup(of: Bool.self) { tasks in
            for number in 0..<4 {
                tasks.addTask { (try? await seed.post("post \(number)", by: account)) != nil }
            }
            return await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        let status = await alice.send(.delete, "accounts/\(account)", query: "cascade=true").status
        _ = await posts
        #expect(status == 204)
        #expect(await alice.send(.get, "accounts/\(account)").status == 404)
    }
}
