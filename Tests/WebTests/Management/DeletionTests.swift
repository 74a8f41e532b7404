import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `Deleting a brand, group or account` {
    /// A brand with two groups, three accounts and five posts, two of the accounts and three posts in the first group.
    private struct Tree {
        let brand: BrandID
        let group: AccountGroupID
        let account: ClientAccountID

        init(_ access: GuildAccess) async throws {
            let seed = Seed(access)
            brand = try await seed.brand("Acme")
            group = try await seed.group("Spain", of: brand)
            account = try await seed.account("ana", in: group)
            let ben = try await seed.account("ben", in: group)
            let carl = try await seed.account("carl", in: try await seed.group("France", of: brand))
            for (number, owner) in [account, account, ben, carl, carl].enumerated() {
                let post = try await seed.post("post \(number)", by: owner)
                try await seed.measure(post, views: 5, .hours(1))
            }
            try await seed.measure(account, followers: 7, .hours(1))
        }
    }

    @Test func `is refused while it has content, unless it cascades`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let tree = try await Tree(cast.alice)
        for (path, obstacles, words) in [
            ("brands/\(tree.brand)", ["groups 2", "accounts 3", "posts 5"], "2 groups, 3 accounts and 5 posts"),
            ("groups/\(tree.group)", ["accounts 2", "posts 3"], "2 accounts and 3 posts"),
            ("accounts/\(tree.account)", ["posts 2"], "2 posts"),
        ] {
            for query in ["", "cascade=false"] {
                let answer = await alice.send(.delete, path, query: query)
                #expect(answer.status == 409)
                #expect(try answer.parsed().obstacles == obstacles)
                #expect(try answer.parsed()["detail"]?.string?.contains("It still contains \(words).") == true)
            }
        }
        #expect(await alice.send(.delete, "brands/\(tree.brand)", query: "cascade=yes").status == 400)
        #expect(try await alice.entries().isEmpty)
        #expect(try await rows(of: cast.alice) == [1, 2, 3, 5, 5, 1])
    }

    @Test func `with cascade removes a brand's content, and the audit log has the counts`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let other = try await Tree(cast.charlie)
        let tree = try await Tree(cast.alice)
        #expect(await alice.send(.delete, "brands/\(tree.brand)", query: "cascade=true").status == 204)
        #expect(await alice.send(.delete, "brands/\(tree.brand)", query: "cascade=true").status == 404)
        #expect(try await rows(of: cast.alice) == [0, 0, 0, 0, 0, 0])
        let entries = try await alice.entries()
        #expect(entries.map(\.action) == ["brand.deleted"])
        #expect(entries[0].target == tree.brand.description)
        for (field, count) in [("groups", 2), ("accounts", 3), ("posts", 5)] as [(String, Int64)] {
            #expect(try entries[0].change(field)?["from"]?.int64 == count)
        }
        #expect(try entries[0].change("name")?["from"]?.string == "Acme")
        // Another tenant's stays.
        #expect(try await rows(of: cast.charlie) == [1, 2, 3, 5, 5, 1])
        #expect(await alice.send(.delete, "brands/\(other.brand)", query: "cascade=true").status == 404)
    }

    @Test func `with cascade removes only the content of that group or account`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let tree = try await Tree(cast.alice)
        #expect(await alice.send(.delete, "accounts/\(tree.account)", query: "cascade=true").status == 204)
        #expect(try await rows(of: cast.alice) == [1, 2, 2, 3, 3, 0])
        #expect(await alice.send(.delete, "groups/\(tree.group)", query: "cascade=true").status == 204)
        #expect(try await rows(of: cast.alice) == [1, 1, 1, 2, 2, 0])
        let entries = try await alice.entries()
        let fields = try entries.map { try $0.fields }
        #expect(fields == [["handle", "platform", "posts"], ["accounts", "name", "posts"]])
        #expect(try entries[0].change("posts")?["from"]?.int64 == 2)
        #expect(try entries[1].change("accounts")?["from"]?.int64 == 1)
    }

    @Test func `leaves a valid chain of the audit log`() async throws {
        let cast = try await Cast()
        let alice = try await Manager(cast.alice)
        let tree = try await Tree(cast.alice)
        _ = await alice.send(.delete, "brands/\(tree.brand)", query: "cascade=true")
        let access = cast.alice
        let isSound = try await ask { database in
            try await database.rows(
                "SELECT first_broken_id IS NULL AND head_matches FROM dashboard.verify_audit_chain(\(access.client))",
                in: access)[0].boolean(0)
        }
        #expect(isSound)
    }

    /// Brands, groups, accounts, posts and the measurements of both.
    private func rows(of access: GuildAccess) async throws -> [Int] {
        try await ask { database in
            let row = try await database.rows(
                """
                SELECT (SELECT count(*) FROM brands), (SELECT count(*) FROM account_groups),
                       (SELECT count(*) FROM client_accounts), (SELECT count(*) FROM posts),
                       (SELECT count(*) FROM post_metrics), (SELECT count(*) FROM account_metrics)
                """, in: access)[0]
            return (0..<6).map { row.int($0) }
        }
    }
}
