import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `The list of posts` {
    @Test(arguments: PostSort.allCases, [1, 3])
    func `shows every post once while others are added`(sort: PostSort, limit: Int) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        var ids: Set<PostID> = []
        for (views, day) in [(5, 3), (5, 3), (0, 3), (900, 1), (5, 2), (0, 9), (70, 9)] as [(Int64, Int)] {
            ids.insert(try await seed.post("old", by: account, views: views, posted: .days(day)))
        }
        var seen: [PostID] = []
        var slice = Slice(limit)
        while seen.count < 100 {
            let part = slice
            let page = try await ask { try await $0.read(Posts.page(PostFilter(), by: sort, part), in: cast.bob) }
            seen += (0..<page.count).map { page[$0].id }
            guard let next = page.next else { break }
            slice = Slice(limit, after: next)
            _ = try await seed.post("new", by: account, views: 1_000)
        }
        #expect(Set(seen).count == seen.count, "one post came twice")
        #expect(ids.isSubset(of: seen), "one post did not come")
    }

    /// Around each place where the step of views changes, and twice the same.
    private static let views: [Int64] = [
        0, 1, 9, 10, 11, 99, 99, 100, 109, 110, 999, 1_000, 1_234, 1_235, 1_299, 1_300, 99_999, 100_000,
        999_999_999_999_999,
    ]

    @Test func `is in the order of views, with a lower bound`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        for views in Self.views.reversed() { _ = try await seed.post("one", by: account, views: views) }
        let bounds: [Int?] = [nil] + Set(Self.views).map { Int($0) }
        for least in bounds {
            var filter = PostFilter()
            filter.minViews = least
            let expected = Self.views.filter { $0 >= least ?? 0 }.sorted(by: >)
            #expect(try await views(filter, in: cast.bob) == expected, "\(least ?? 0)")
        }
    }

    /// Of all pages, three posts each.
    private func views(_ filter: PostFilter, in access: GuildAccess) async throws -> [Int64] {
        var seen: [Int64] = []
        var slice = Slice(3)
        while true {
            let part = slice
            let page = try await ask { try await $0.read(Posts.page(filter, by: .views, part), in: access) }
            seen += (0..<page.count).map { page[$0].views }
            guard let next = page.next, seen.count < 100 else { return seen }
            slice = Slice(3, after: next)
        }
    }

    @Test func `has no index that a measurement changes`() async throws {
        let owner = try WaitingConnection(role: .owner)
        let indexed = try await owner.rows(
            """
            SELECT DISTINCT a.attname::text FROM pg_index i
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
             WHERE i.indrelid = 'posts'::regclass ORDER BY 1
            """
        ).map { $0.text(0) }
        #expect(indexed == ["account_id", "client_id", "external_id", "id", "platform", "posted_at", "views_step"])
    }

    private struct Sample {
        let brand: BrandID
        let group: AccountGroupID
        let account: ClientAccountID
    }

    private static let filters: [(String, @Sendable (inout PostFilter, Sample) -> Void, [String])] = [
        ("none", { _, _ in }, ["today", "100% Größe", "week"]),
        ("account", { filter, sample in filter.account = sample.account }, ["100% Größe", "week"]),
        ("brand", { filter, sample in filter.brand = sample.brand }, ["100% Größe", "week"]),
        ("group", { filter, sample in filter.group = sample.group }, ["100% Größe", "week"]),
        ("platform", { filter, _ in filter.platform = .x }, ["today"]),
        ("views", { filter, _ in filter.minViews = 10 }, ["100% Größe", "week"]),
        ("caption", { filter, _ in filter.text = "GRÖßE" }, ["100% Größe"]),
        ("percent sign", { filter, _ in filter.text = "0%" }, ["100% Größe"]),
        ("handle", { filter, _ in filter.text = "BEN" }, ["today"]),
        ("brand and views", { filter, sample in (filter.brand, filter.minViews) = (sample.brand, 50) }, ["week"]),
        ("brand and text", { filter, sample in (filter.brand, filter.text) = (sample.brand, "week") }, ["week"]),
    ]

    @Test(arguments: filters.map(\.0))
    func `is filtered, and so is its count`(name: String) async throws {
        let (_, change, captions) = try #require(Self.filters.first { $0.0 == name })
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Acme")
        let group = try await seed.group("First", of: brand)
        let account = try await seed.account("ana", in: group)
        _ = try await seed.post("week", by: account, views: 50, posted: .days(7))
        _ = try await seed.post("100% Größe", by: account, views: 10, posted: .days(3))
        _ = try await seed.post("today", by: try await seed.account("ben", in: try await seed.group("Other"), on: .x))
        var filter = PostFilter()
        change(&filter, Sample(brand: brand, group: group, account: account))
        #expect(try await read(filter, in: cast.bob) == captions)
    }

    @Test func `begins and ends with days of the server`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        try await seed.settings(timezone: "Pacific/Auckland")
        let account = try await seed.account("ana", in: try await seed.group("First"))
        _ = try await seed.post("one", by: account, posted: .days(10))
        let midnight = try await ask { database in
            try await database.rows(
                """
                SELECT p.posted_at, (p.posted_at AT TIME ZONE 'Pacific/Auckland')::date FROM posts p
                 WHERE p.client_id = \(cast.alice.client)
                """, in: cast.alice)[0].day(1)
        }
        var filter = PostFilter()
        (filter.from, filter.to) = (midnight, midnight)
        #expect(try await read(filter, in: cast.bob) == ["one"])
        (filter.from, filter.to) = (midnight.adding(days: 1), nil)
        #expect(try await read(filter, in: cast.bob) == [])
        (filter.from, filter.to) = (nil, midnight.adding(days: -1))
        #expect(try await read(filter, in: cast.bob) == [])
    }

    /// The captions, after a look at the count.
    private func read(_ filter: PostFilter, in access: GuildAccess) async throws -> [String] {
        let (page, count) = try await ask {
            try await $0.read(Posts.page(filter, by: .postedAt, Slice(10)), Posts.count(filter), in: access)
        }
        #expect(count.value == page.count && !count.isMore)
        return (0..<page.count).map { index in
            let caption = page[index].caption
            return String(decoding: (0..<caption.count).map { caption[$0] }, as: UTF8.self)
        }
    }
}
