import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The numbers of a server` {
    let test = TestSite.shared

    /// Every number is another one, so that none can be taken for another.
    private func prepare() async throws -> Cast {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("First")
        _ = try await seed.group("Second")
        let ana = try await seed.account("ana", in: group, on: .x)
        for (status, count) in [(AccountStatus.active, 3), (.paused, 2), (.notFound, 1)] {
            for number in 1...count {
                _ = try await seed.account("\(status.rawValue)\(number)", in: group, on: .tiktok, status: status)
            }
        }
        _ = try await seed.post("today", by: ana, views: 100, posted: .hours(2))
        _ = try await seed.post("this week", by: ana, views: 50, posted: .days(6))
        let last = try await seed.post("last week", by: ana, views: 40, posted: .days(8))
        let same = try await seed.post("last week as well", by: ana, views: 60, posted: .days(13))
        for (post, views) in [(last, 40), (same, 60)] as [(PostID, Int64)] {
            try await seed.measure(post, views: views, .hours(180))
        }
        _ = try await seed.post("long ago", by: ana, views: 10_000, posted: .days(15))
        return cast
    }

    @Test func `separate this week from last week, and each status and platform`() async throws {
        let cast = try await prepare()
        let answer = await test.ask(
            .get, "/api/v1/guilds/\(cast.alice.guild)", as: try await test.signIn(cast.bob.user))
        let json = try JSONParser.parse(Array(answer.text.utf8))
        for (name, value) in [
            ("brandCount", 2), ("groupCount", 2), ("accountCount", 7), ("postCount", 5), ("newPostsLast24Hours", 1),
            ("viewsOfPostsLast7Days", 150), ("viewsOfPostsPrevious7Days", 100),
        ] as [(String, Int64)] {
            #expect(json[name]?.int64 == value, "\(name)")
        }
        #expect(answer.text.contains(#""viewsGrowth":0.5,"#))
        let statuses = try #require(json["accountsByStatus"]?.array).map {
            "\($0["status"]?.string ?? "") \($0["accountCount"]?.int64 ?? -1)"
        }
        let known = [AccountStatus.active: 4, .paused: 2, .notFound: 1]
        #expect(statuses == AccountStatus.allCases.map { "\($0.rawValue) \(known[$0] ?? 0)" })
        let platforms = try #require(json["accountsByPlatform"]?.array).map {
            "\($0["platform"]?.string ?? "") \($0["accountCount"]?.int64 ?? -1) \($0["postCount"]?.int64 ?? -1)"
        }
        let numbers = [Platform.x: "1 5", .tiktok: "6 0"]
        #expect(platforms == Platform.allCases.map { "\($0.rawValue) \(numbers[$0] ?? "0 0")" })
    }

    @Test func `are the same on the overview`() async throws {
        let cast = try await prepare()
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)", as: try await test.signIn(cast.bob.user)).text
        #expect(page.contains("in 7 days, by posts of 14 days, + 50.0% vs. previous 7 days"))
    }

    @Test func `open exactly the posts that they counted`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let ana = try await seed.account("ana", in: try await seed.group("First"), on: .x)
        // The first minutes of yesterday, today, and the end of the day before yesterday.
        for ago in [Seed.Ago.noon(1, plus: -43_000), .now, .noon(2, plus: 43_000)] {
            _ = try await seed.post("post", by: ana, posted: ago)
        }
        let bob = try await test.signIn(cast.bob.user)
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)", as: bob).text
        let link = try #require(page.firstMatch(of: /href="([^"?]+\/posts)\?(from=[^"]+)">(\d+)</))
        #expect(link.3 == "2")
        let list = await test.ask(.get, String(link.1), query: String(link.2), as: bob).text
        #expect(list.contains("Showing 1–2 of 2 posts"))
    }
}
