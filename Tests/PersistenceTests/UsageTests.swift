import Domain
import Persistence
import TestKit
import Testing

@Suite struct `Usage by days` {
    let first = CalendarDay(number: 20_000)

    @Test func `has a row for each day, zeros where nothing was counted`() async throws {
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

    @Test func `is not that of another tenant`() async throws {
        let cast = try await Cast()
        let day = first
        try await Seed(cast.alice).usage(day, requests: 7)
        let days = try await ask { try await $0.read(Usage.days(day...day), in: cast.charlie) }
        #expect(days.map(\.apiRequests) == [0])
    }
}
