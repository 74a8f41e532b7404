import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `Brands and groups` {
    @Test func `have the counts of their content`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let acme = try await seed.brand("Acme")
        _ = try await seed.brand("Empty")
        let first = try await seed.group("First", of: acme)
        _ = try await seed.group("Second", of: acme)
        let account = try await seed.account("ana", in: first)
        _ = try await seed.account("ben", in: first)
        for number in 1...3 { _ = try await seed.post("post \(number)", by: account) }
        let (brands, groups, tree) = try await ask {
            try await $0.read(
                Brands.page(Slice()), AccountGroups.page(Slice()), Brands.groups(ofPage: Slice()), in: cast.bob)
        }
        #expect(brands.items.map(\.name) == ["Acme", "Empty"])
        #expect(brands.items.map(\.groupCount) == [2, 0])
        #expect(brands.items.map(\.accountCount) == [2, 0])
        #expect(brands.items.map(\.postCount) == [3, 0])
        #expect(groups.items.map(\.name) == ["First", "Second"])
        #expect(groups.items.map(\.accountCount) == [2, 0])
        #expect(groups.items.map(\.postCount) == [3, 0])
        #expect(groups.items.allSatisfy { $0.brand == acme && $0.brandName == "Acme" })
        #expect(tree == [acme: groups.items])
    }

    @Test func `are listed once each while others are added`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        // Equal names of groups, in different brands.
        for name in ["delta", "Bravo", "alpha", "Charlie"] {
            let brand = try await seed.brand(name)
            for group in ["x", "Y", "z"] { _ = try await seed.group(group, of: brand) }
        }
        let brands = try await pages(of: 2, in: cast.bob) {
            _ = try await seed.brand("aa\($0)")
        } _: {
            Brands.page($0)
        }
        #expect(brands.flatMap { $0.map(\.name) } == ["alpha", "Bravo", "Charlie", "delta"])
        let other = try await seed.brand("other")
        let groups = try await pages(of: 5, in: cast.bob) {
            _ = try await seed.group("a\($0)", of: other)
        } _: {
            AccountGroups.page($0)
        }.flatMap { $0 }
        #expect(groups.map(\.name) == ["x", "x", "x", "x", "Y", "Y", "Y", "Y", "z", "z", "z", "z"])
        #expect(Set(groups.map(\.id)).count == 12)
    }

    @Test func `of one brand only`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Acme")
        let group = try await seed.group("First", of: brand)
        _ = try await seed.group("Other")
        let page = try await ask { try await $0.read(AccountGroups.page(brand: brand, Slice()), in: cast.bob) }
        #expect(page.items.map(\.id) == [group])
    }

    @Test func `to choose from include brands without groups`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        _ = try await seed.group("First")
        _ = try await seed.brand("Empty")
        let choices = try await ask { try await $0.read(AccountGroups.choices, in: cast.bob) }
        #expect(choices.map(\.brandName) == ["Empty", "First"])
        #expect(choices.map(\.groupName) == [nil, "First"])
    }
}
