import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `One account` {
    @Test func `has the last follower count of each day of the last 90`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"), followers: 40)
        try await seed.measure(account, followers: 5, .noon(95))
        try await seed.measure(account, followers: 10, .noon(80))
        try await seed.measure(account, followers: 30, .noon(2, plus: 60))
        try await seed.measure(account, followers: 29, .noon(2))
        let detail = try #require(try await ask { try await AccountDetail.read(account, in: cast.bob, $0) })
        #expect(detail.followers.map(\.followers) == [10, 30])
        #expect(detail.followers[1].day.days(since: detail.followers[0].day) == 78)
        #expect(detail.account.followers == 40)
    }

    @Test func `counts days in the server's time zone`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        try await seed.measure(account, followers: 10, .hours(1))
        var days: [CalendarDay] = []
        // 26 hours lie between the two: never the same day.
        for zone in ["Etc/GMT+12", "Etc/GMT-14"] {
            try await seed.settings(timezone: zone)
            let detail = try #require(try await ask { try await AccountDetail.read(account, in: cast.alice, $0) })
            days += detail.followers.map(\.day)
        }
        #expect(days.count == 2)
        #expect(days[1].days(since: days[0]) >= 1)
    }

    @Test func `has the views that its posts gained each day`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        let young = try await seed.post("young", by: account, views: 500, posted: .days(9))
        let old = try await seed.post("old", by: account, views: 9_000, posted: .days(200))
        try await seed.measure(young, views: 100, .days(8))
        try await seed.measure(young, views: 350, .days(6))
        try await seed.measure(old, views: 8_000, .days(8))
        try await seed.measure(old, views: 8_070, .days(6))
        // A platform that takes views back does not make a day's gain negative.
        try await seed.measure(young, views: 340, .days(4))
        let detail = try #require(try await ask { try await AccountDetail.read(account, in: cast.bob, $0) })
        #expect(detail.views.map(\.gained) == [100, 320, 0])
    }

    @Test func `has its ten newest posts`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        var posts: [PostID] = []
        for day in 1...12 { posts.append(try await seed.post("post", by: account, posted: .days(day))) }
        let detail = try #require(try await ask { try await AccountDetail.read(account, in: cast.bob, $0) })
        #expect((0..<detail.posts.count).map { detail.posts[$0].id } == Array(posts.prefix(10)))
        #expect(detail.posts.next != nil)
    }

    @Test func `of another tenant is not there`() async throws {
        let cast = try await Cast()
        let account = try await Seed(cast.alice).account("ana", in: try await Seed(cast.alice).group("First"))
        #expect(try await ask { try await AccountDetail.read(account, in: cast.charlie, $0) } == nil)
    }

    @Test func `has a new time of its status only when that changes`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("ana", in: try await seed.group("First"))
        func since() async throws -> Timestamp? {
            try await ask { try await AccountDetail.read(account, in: cast.bob, $0)?.account.statusSince }
        }
        let first = try await since()
        try await seed.change(account, to: .active)
        #expect(try await since() == first)
        try await seed.change(account, to: .private)
        let second = try #require(try await since())
        #expect(second > first ?? second)
    }
}
