import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `Between tenants` {
    /// Something in every table that the lists read.
    private func fill(_ cast: Cast) async throws -> (BrandID, AccountGroupID, ClientAccountID) {
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Secret brand")
        let group = try await seed.group("Secret group", of: brand)
        _ = try await seed.group("Secret empty group", of: brand)
        let account = try await seed.account("secret", in: group, status: .private, created: .days(9))
        _ = try await seed.account("silent", in: group, created: .days(9))
        let post = try await seed.post("secret", by: account, views: 10)
        try await seed.measure(account, followers: 5, .hours(1))
        try await seed.measure(post, views: 5, .hours(1))
        try await seed.usage(CalendarDay(number: 20_000), requests: 5)
        try await seed.queue(3)
        try await seed.guest(UserID(number: Cast.number()))
        return (brand, group, account)
    }

    @Test func `nothing of the lists is seen`() async throws {
        let cast = try await Cast()
        let (brand, group, account) = try await fill(cast)
        var accounts = AccountFilter()
        (accounts.brand, accounts.group) = (brand, group)
        var posts = PostFilter()
        (posts.brand, posts.account) = (brand, account)
        let (accountFilter, postFilter) = (accounts, posts)
        let read = try await ask {
            try await $0.read(
                Accounts.page(AccountFilter(), by: .handle, Slice()),
                Accounts.page(accountFilter, by: .handle, Slice()),
                Accounts.count(AccountFilter()), Posts.page(PostFilter(), by: .views, Slice()),
                Posts.page(postFilter, by: .postedAt, Slice()), Posts.count(postFilter), Brands.page(Slice()),
                Brands.groups(ofPage: Slice()), AccountGroups.page(brand: brand, Slice()), AccountGroups.choices,
                in: cast.charlie)
        }
        #expect(read.0.items.isEmpty && read.1.items.isEmpty && read.2.value == 0)
        #expect(read.3.count == 0 && read.4.count == 0 && read.5.value == 0)
        #expect(read.6.items.isEmpty && read.7.isEmpty && read.8.items.isEmpty && read.9.isEmpty)
    }

    @Test func `nothing of the overview is seen`() async throws {
        let cast = try await Cast()
        _ = try await fill(cast)
        let overview = try #require(try await ask { try await GuildOverview.read(in: cast.charlie, $0) })
        #expect(overview.profile.name == "Guild B")
        #expect(overview.counts.accountCount == 0 && overview.counts.groups == 0 && overview.activity.newPosts == 0)
        #expect(overview.topPosts.count == 0 && overview.queue == nil && overview.inactiveAccounts.total == 0)
        #expect(overview.silentAccounts.total == 0 && overview.emptyGroups.total == 0)
    }

    /// How many rows of each table the other tenant has itself.
    private static let tables: [(name: String, count: SQL, others: Int)] = [
        ("clients", "SELECT count(*) FROM clients", 1), ("guilds", "SELECT count(*) FROM guilds", 1),
        ("guild_settings", "SELECT count(*) FROM guild_settings", 1),
        ("brands", "SELECT count(*) FROM brands", 0), ("account_groups", "SELECT count(*) FROM account_groups", 0),
        ("client_accounts", "SELECT count(*) FROM client_accounts", 0), ("posts", "SELECT count(*) FROM posts", 0),
        ("post_metrics", "SELECT count(*) FROM post_metrics", 0),
        ("account_metrics", "SELECT count(*) FROM account_metrics", 0),
        ("usage_days", "SELECT count(*) FROM usage_days", 0),
        ("guild_guests", "SELECT count(*) FROM guild_guests", 0),
        ("guild_queue_depths", "SELECT count(*) FROM guild_queue_depths", 0),
    ]

    @Test(arguments: tables.map(\.name))
    func `a statement that names no tenant sees the own rows only, and none without a tenant`(table: String)
        async throws
    {
        let cast = try await Cast()
        _ = try await fill(cast)
        let (_, count, others) = try #require(Self.tables.first { $0.name == table })
        let (none, own, other) = try await ask { database in
            (
                try await database.rows(count)[0].int(0), try await database.rows(count, in: cast.bob)[0].int(0),
                try await database.rows(count, in: cast.charlie)[0].int(0)
            )
        }
        #expect(none == 0)
        #expect(own > 0)
        #expect(other == others)
    }

    @Test func `a statement that names another tenant sees nothing`() async throws {
        let cast = try await Cast()
        _ = try await fill(cast)
        let rows = try await ask {
            try await $0.rows("SELECT id FROM client_accounts WHERE client_id = \(cast.alice.client)", in: cast.charlie)
        }
        #expect(rows.count == 0)
    }
}
