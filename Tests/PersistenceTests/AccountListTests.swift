import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `The list of accounts` {
    /// Followers and last posts with equal and missing values, in no order of the handles.
    private func accounts(_ seed: Seed, _ group: AccountGroupID) async throws -> Set<ClientAccountID> {
        let followers: [Int64?] = [5, nil, 5, 70, nil, 5, 0, 900, nil, 5, 70]
        let lastPosts: [Seed.Ago?] = [
            nil, .days(3), .days(3), nil, .days(1), .days(3), nil, .days(9), .now, nil, .days(3),
        ]
        var ids: Set<ClientAccountID> = []
        for index in followers.indices {
            ids.insert(
                try await seed.account(
                    "handle\(index * 7 % 11)", in: group, followers: followers[index], lastPost: lastPosts[index],
                    created: .days(index / 3 + 1)))
        }
        return ids
    }

    @Test(arguments: AccountSort.allCases, [1, 3, 10])
    func `shows every account once while others are added`(sort: AccountSort, limit: Int) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Creators")
        let ids = try await accounts(seed, group)
        let read = try await pages(of: limit, in: cast.bob) { number in
            _ = try await seed.account("aaa\(number)", in: group, followers: 10_000, lastPost: .now)
            _ = try await seed.account("zzz\(number)", in: group, followers: 1, lastPost: .days(50), created: .days(90))
        } _: {
            Accounts.page(AccountFilter(), by: sort, $0)
        }
        #expect(read.allSatisfy { $0.count <= limit })
        let seen = read.flatMap { $0.map(\.id) }
        #expect(Set(seen).count == seen.count, "one account came twice")
        #expect(ids.isSubset(of: seen), "one account did not come")
    }

    @Test(arguments: AccountSort.allCases)
    func `is in order over all its pages`(sort: AccountSort) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        _ = try await accounts(seed, try await seed.group("Creators"))
        let read = try await pages(of: 4, in: cast.alice) { Accounts.page(AccountFilter(), by: sort, $0) }.flatMap(
            \.self)
        #expect(read.count == 11)
        for (left, right) in zip(read, read.dropFirst()) {
            switch sort {
            case .handle: #expect(left.handle < right.handle)
            case .followers: #expect((left.followers ?? -1, left.id) > (right.followers ?? -1, right.id))
            case .lastPostAt:
                let never = Timestamp(microseconds: .min)
                #expect((left.lastPostAt ?? never, left.id) > (right.lastPostAt ?? never, right.id))
            case .createdAt: #expect((left.createdAt, left.id) > (right.createdAt, right.id))
            }
        }
    }

    // MARK: Filters

    private static let filters: [(String, @Sendable (inout AccountFilter, BrandID, AccountGroupID) -> Void, [String])] =
        [
            ("none", { _, _, _ in }, ["Ana_1", "ben%x", "carl"]),
            ("brand", { filter, brand, _ in filter.brand = brand }, ["Ana_1", "ben%x"]),
            ("group", { filter, _, group in filter.group = group }, ["Ana_1"]),
            ("platform", { filter, _, _ in filter.platform = .tiktok }, ["ben%x"]),
            ("status", { filter, _, _ in filter.status = .private }, ["carl"]),
            ("handle", { filter, _, _ in filter.text = "ANA" }, ["Ana_1"]),
            ("display name", { filter, _, _ in filter.text = "größe" }, ["carl"]),
            ("percent sign", { filter, _, _ in filter.text = "%" }, ["ben%x"]),
            ("underscore", { filter, _, _ in filter.text = "_" }, ["Ana_1"]),
            ("two at once", { filter, brand, _ in (filter.brand, filter.status) = (brand, .private) }, []),
        ]

    @Test(arguments: filters.map(\.0))
    func `is filtered, and so is its count`(name: String) async throws {
        let (_, change, handles) = try #require(Self.filters.first { $0.0 == name })
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Acme")
        let group = try await seed.group("First", of: brand)
        _ = try await seed.account("Ana_1", in: group)
        _ = try await seed.account("ben%x", in: try await seed.group("Second", of: brand), on: .tiktok)
        _ = try await seed.account(
            "carl", in: try await seed.group("Other"), displayName: "GRÖSSE Größe", status: .private)
        var filter = AccountFilter()
        change(&filter, brand, group)
        let wanted = filter
        let (page, count) = try await ask {
            try await $0.read(Accounts.page(wanted, by: .handle, Slice(10)), Accounts.count(wanted), in: cast.bob)
        }
        #expect(page.items.map(\.handle) == handles)
        #expect(page.next == nil)
        #expect(count.value == handles.count && !count.isMore)
    }

    @Test func `has each field of an account`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Acme")
        let group = try await seed.group("First", of: brand)
        let id = try await seed.account("ana", in: group, on: .youtube, displayName: "Ana", followers: 12)
        _ = try await seed.post("one", by: id)
        let page = try await ask {
            try await $0.read(Accounts.page(AccountFilter(), by: .handle, Slice(10)), in: cast.bob)
        }
        let account = try #require(page.items.first)
        #expect(account.id == id && account.platform == .youtube && account.displayName == "Ana")
        #expect(account.followers == 12 && account.lastPostAt == nil && account.postCount == 1 && account.url == nil)
        #expect(account.group == group && account.groupName == "First")
        #expect(account.brand == brand && account.brandName == "Acme")
    }
}
