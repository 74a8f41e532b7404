import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `Usage by days` {
    let first = CalendarDay(number: 20_000)

    @Test func `has a row for each day, with zeros for days without requests`() async throws {
        let cast = try await Cast()
        try await Seed(cast.alice).usage(first.adding(days: 1), requests: 7)
        try await Seed(cast.alice).usage(first.adding(days: 4), requests: 9)
        let range = first...first.adding(days: 3)
        let days = try await ask { try await $0.read(Usage.days(range), in: cast.bob) }
        #expect(days.map(\.day) == (0...3).map { first.adding(days: $0) })
        #expect(days.map(\.apiRequests) == [0, 7, 0, 0])
    }

    @Test func `of one day is one row`() async throws {
        let cast = try await Cast()
        let day = first
        let days = try await ask { try await $0.read(Usage.days(day...day), in: cast.alice) }
        #expect(days.count == 1)
    }

    @Test func `has today's numbers of accounts and posts, and none on other days`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("one", in: try await seed.group("Group"))
        _ = try await seed.post("first", by: account)
        // The clock of the database may pass midnight in between.
        let number = try await Inspector().number("SELECT floor(extract(epoch FROM now()) / 86400)::int")
        let today = CalendarDay(number: number)
        let days = try await ask {
            try await $0.read(Usage.days(today.adding(days: -1)...today.adding(days: 1)), in: cast.bob)
        }
        #expect(days.map(\.accounts).reduce(0, +) == 1 && days.map(\.posts).reduce(0, +) == 1)
        let before = try await ask {
            try await $0.read(Usage.days(today.adding(days: -9)...today.adding(days: -2)), in: cast.bob)
        }
        #expect(before.allSatisfy { $0.accounts == 0 && $0.posts == 0 })
        let others = try await ask { try await $0.read(Usage.days(today...today), in: cast.charlie) }
        #expect(others.map(\.accounts) == [0])
    }

    @Test func `is not that of another tenant`() async throws {
        let cast = try await Cast()
        let day = first
        try await Seed(cast.alice).usage(day, requests: 7)
        let days = try await ask { try await $0.read(Usage.days(day...day), in: cast.charlie) }
        #expect(days.map(\.apiRequests) == [0])
    }
}
