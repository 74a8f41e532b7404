import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `The overview of a server` {
    private func overview(_ access: GuildAccess) async throws -> GuildOverview {
        try #require(try await ask { try await GuildOverview.read(in: access, $0) })
    }

    @Test func `of an empty server is all zeros`() async throws {
        let cast = try await Cast()
        let overview = try await overview(cast.bob)
        #expect(overview.profile.name == "Guild A" && overview.profile.guild == cast.bob.guild)
        #expect(overview.profile.leftAt == nil && overview.profile.settings.values.memberAccess)
        #expect(overview.counts.brands == 0 && overview.counts.accountCount == 0 && overview.counts.postCount == 0)
        #expect(overview.activity.newPosts == 0 && overview.activity.viewsGrowth == nil)
        #expect(overview.topPosts.count == 0 && overview.queue == nil)
        #expect(overview.inactiveAccounts.total == 0 && overview.silentAccounts.total == 0)
        #expect(overview.emptyGroups.total == 0)
    }

    @Test func `counts accounts by platform and status`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("First")
        let account = try await seed.account("ana", in: group, on: .x)
        _ = try await seed.account("ben", in: group, on: .x, status: .paused)
        _ = try await seed.account("carl", in: group, on: .tiktok)
        _ = try await seed.post("one", by: account)
        let counts = try await overview(cast.bob).counts
        #expect(counts.brands == 1 && counts.groups == 1 && counts.accountCount == 3 && counts.postCount == 1)
        #expect(counts.accounts(on: .x) == 2 && counts.accounts(on: .tiktok) == 1 && counts.accounts(on: .twitch) == 0)
        #expect(counts.posts(on: .x) == 1)
        #expect(counts.accounts(being: .active) == 2 && counts.accounts(being: .paused) == 1)
    }

    @Test func `sums the views gained this week and in the week before`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        _ = try await seed.post("today", by: account, views: 100, posted: .hours(2))
        _ = try await seed.post("this week", by: account, views: 50, posted: .days(6))
        let last = try await seed.post("last week", by: account, views: 40, posted: .days(8))
        try await seed.measure(last, views: 30, .hours(180))
        try await seed.measure(last, views: 40, .days(1))
        // Seen for the first time yesterday: it may have gained its views at any time before.
        let late = try await seed.post("seen late", by: account, views: 7_000, posted: .days(13))
        try await seed.measure(late, views: 6_000, .days(1))
        let old = try await seed.post("two weeks ago", by: account, views: 10_000, posted: .days(15))
        for (views, hours) in [(9_000, 14 * 24 + 12), (9_070, 8 * 24), (10_000, 24)] as [(Int64, Int)] {
            try await seed.measure(old, views: views, .hours(hours))
        }
        _ = try await seed.post("long ago", by: account, views: 90_000, posted: .days(22))
        let activity = try await overview(cast.bob).activity
        // 100 + 50 + (40 − 30) + (7,000 − 6,000) against 30 + (9,070 − 9,000).
        #expect(activity.newPosts == 1 && activity.views == 1_160 && activity.viewsBefore == 100)
        #expect(activity.viewsGrowth == 10.6)
    }

    @Test func `does not fall while each week has the same views`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        // One post a day, which gains 10 views a day.
        for age in 0..<30 {
            let post = try await seed.post("\(age)", by: account, views: Int64(age * 10), posted: .days(age))
            for day in 0..<age { try await seed.measure(post, views: Int64((age - day) * 10), .days(day)) }
        }
        let activity = try await overview(cast.bob).activity
        #expect(activity.views == activity.viewsBefore && activity.views > 0)
    }

    @Test func `shows the five most viewed posts of the last day`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        for views in 1...7 as ClosedRange<Int64> {
            _ = try await seed.post("new", by: account, views: views, posted: .hours(3))
        }
        _ = try await seed.post("old", by: account, views: 1_000, posted: .hours(25))
        let posts = try await overview(cast.bob).topPosts
        #expect((0..<posts.count).map { posts[$0].views } == [7, 6, 5, 4, 3])
    }

    @Test func `names accounts that are not active, the latest first`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("First")
        var accounts: [ClientAccountID] = []
        for number in 1...12 { accounts.append(try await seed.account("handle\(number)", in: group)) }
        for account in accounts { try await seed.change(account, to: .notFound) }
        _ = try await seed.account("fine", in: group)
        let inactive = try await overview(cast.bob).inactiveAccounts
        #expect(inactive.total == 12)
        #expect(inactive.items.map(\.id) == Array(accounts.reversed().prefix(10)))
        #expect(inactive.items.allSatisfy { $0.status == .notFound })
    }

    @Test func `names active accounts without data for three days`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("First")
        let silent = try await seed.account("a-silent", in: group, created: .days(9))
        try await seed.measure(silent, followers: 3, .days(5))
        _ = try await seed.account("b-never", in: group, created: .days(9))
        _ = try await seed.account("c-new", in: group, created: .days(2))
        _ = try await seed.account("d-paused", in: group, status: .paused, created: .days(9))
        _ = try await seed.account("e-posted", in: group, lastPost: .days(1), created: .days(9))
        let measured = try await seed.account("f-measured", in: group, created: .days(9))
        try await seed.measure(measured, followers: 3, .days(1))
        let viewed = try await seed.account("g-viewed", in: group, created: .days(9))
        _ = try await seed.post("old", by: viewed, posted: .days(8), measured: .hours(5))
        let accounts = try await overview(cast.bob).silentAccounts
        #expect(accounts.items.map(\.handle) == ["a-silent", "b-never"])
        #expect(accounts.total == 2)
        #expect(accounts.items[0].lastDataAt != nil && accounts.items[1].lastDataAt == nil)
    }

    @Test func `names groups without accounts, and the queue`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        _ = try await seed.account("ana", in: try await seed.group("Full"))
        let empty = try await seed.group("Empty")
        try await seed.queue(41)
        let overview = try await overview(cast.bob)
        #expect(overview.emptyGroups.items.map(\.id) == [empty] && overview.emptyGroups.total == 1)
        #expect(overview.queue?.depth == 41)
    }
}
