import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `A list read backward` {
    @Test(arguments: AccountSort.allCases, [false, true])
    func `has the same pages in both directions`(sort: AccountSort, reversed: Bool) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Creators")
        for number in 0..<7 {
            _ = try await seed.account(
                "a\(number)", in: group, followers: [5, nil, 5, 70, 9, 5, 70][number],
                lastPost: [nil, .days(3), .days(3), nil, .now, .days(9), nil][number], created: .days(number / 2))
        }
        func page(_ place: Position?) async throws -> Page<Account> {
            try await ask {
                try await $0.read(
                    Accounts.page(AccountFilter(), by: sort, reversed: reversed, Slice(3, after: place)), in: cast.bob)
            }
        }
        let first = try await page(nil)
        let second = try await page(first.next)
        let third = try await page(second.next)
        #expect([first, second, third].map(\.items.count) == [3, 3, 1])
        #expect([first, second, third].map(\.ends.rowsBefore) == [0, 3, 6])
        #expect(first.ends.previous == nil && third.next == nil)
        let back = try await page(third.ends.previous)
        #expect(back.items == second.items && back.ends == second.ends)
        let start = try await page(back.ends.previous)
        #expect(start == first)
        let usual = try await ask {
            try await $0.read(Accounts.page(AccountFilter(), by: sort, Slice(10)), in: cast.bob)
        }.items
        let all = first.items + second.items + third.items
        #expect(all == (reversed ? usual.reversed() : usual))
    }

    @Test(arguments: PostSort.allCases, [false, true])
    func `has the same posts in both directions`(sort: PostSort, reversed: Bool) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("Creators"))
        for number in 0..<5 {
            _ = try await seed.post(
                "\(number)", by: account, views: [10, 900, 10, 70, 5][number], posted: .hours(number / 2))
        }
        func read(_ place: Position?) async throws -> (ids: [PostID], ends: PageEnds) {
            try await ask {
                let page = try await $0.read(
                    Posts.page(PostFilter(), by: sort, reversed: reversed, Slice(2, after: place)), in: cast.bob)
                return ((0..<page.count).map { page[$0].id }, page.ends)
            }
        }
        let first = try await read(nil)
        let second = try await read(first.ends.next)
        let third = try await read(second.ends.next)
        #expect(Set(first.ids + second.ids + third.ids).count == 5 && third.ends.next == nil)
        let back = try await read(third.ends.previous)
        #expect(back.ids == second.ids && back.ends == second.ends)
        #expect(try await read(back.ends.previous).ids == first.ids)
    }
}

@Suite struct `A search` {
    @Test(arguments: [
        ("@ana", "ana"), ("ANA", "ana"), ("chloe p", "chloe"), ("CHLOÉ", "chloe"), ("Chloe\u{301}", "chloe"),
        ("strasse", "none"), ("oyvind", "oy"), ("ØYVIND", "oy"), ("ｏｙ", "oy"), ("%", "none"), ("_", "none"),
    ])
    func `finds displayed text, without regard to case and accents`(text: String, handle: String) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Creators")
        _ = try await seed.account("ana", in: group)
        _ = try await seed.account("chloe", in: group, displayName: "Chloé P")
        _ = try await seed.account("oy", in: group, displayName: "Øyvind")
        var filter = AccountFilter()
        filter.text = text
        let wanted = filter
        let (page, count) = try await ask {
            try await $0.read(Accounts.page(wanted, by: .handle, Slice(10)), Accounts.count(wanted), in: cast.bob)
        }
        #expect(page.items.map(\.handle) == (handle == "none" ? [] : [handle]))
        #expect(count.value == page.items.count)
    }

    @Test(arguments: ["@ana", "demaquillage", "DÉMAQUILLAGE"])
    func `finds posts`(text: String) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("Creators"))
        _ = try await seed.post("Mon démaquillage 🧴", by: account)
        var filter = PostFilter()
        filter.text = text
        let wanted = filter
        let count = try await ask { try await $0.read(Posts.count(wanted), in: cast.bob) }
        #expect(count.value == 1)
    }
}
