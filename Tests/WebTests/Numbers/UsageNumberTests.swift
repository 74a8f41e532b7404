import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Usage in the API` {
    let test = TestSite.shared
    let day = CalendarDay(number: 20_000)

    private func ask(_ cast: Cast, from: CalendarDay, to: CalendarDay) async throws -> Response {
        await test.ask(
            .get, "/api/v1/guilds/\(cast.alice.guild)/usage", query: "from=\(from)&to=\(to)",
            as: try await test.signIn(cast.bob.user))
    }

    @Test func `has each number under its own name`() async throws {
        let cast = try await Cast()
        try await Seed(cast.alice).usage(
            day, requests: 60, exports: 50, imports: 40, alerts: 30, accounts: 20, posts: 10)
        let answer = try await ask(cast, from: day, to: day)
        #expect(
            answer.text == """
                {"from":"2024-10-04","to":"2024-10-04","days":[{"day":"2024-10-04","accounts":20,"posts":10,\
                "apiRequests":60,"exports":50,"imports":40,"alerts":30}],"limits":null}
                """)
    }

    @Test func `is returned for at most 366 days`() async throws {
        let cast = try await Cast()
        let longest = try await ask(cast, from: day.adding(days: -365), to: day)
        #expect(longest.status == 200 && longest.text.components(of: #""apiRequests":"#) == 366)
        let refused = try await ask(cast, from: day.adding(days: -366), to: day)
        #expect(refused.status == 400 && refused.text.contains("at most 365 days before the last day, 2024-10-04"))
    }
}
