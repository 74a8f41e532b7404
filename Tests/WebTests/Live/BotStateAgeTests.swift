import Domain
import EventLoop
import Formats
import Persistence
import TestKit
import Testing

@testable import Web

/// In a database of its own, since other tests send heartbeats as well.
@Suite struct `The kept state of the bot` {
    private let clock = SteppedClock()

    /// With a bot that is online, and a database that no longer answers.
    private func withBot(_ body: @Sendable (_ away: Database) async throws -> Void) async throws {
        let own = try await TestDatabase.another("bot_state_age")
        try await TestDatabase.$own.withValue(own) {
            _ = try await WaitingConnection(role: .login).rows("SELECT bot.heartbeat()")
            let away = Database(ConnectionSettings(address: own.address, name: "away"), on: own.loop)
            await Task(executorPreference: own.loop) { away.stop() }.value
            try await body(away)
        }
    }

    private func refresh(_ live: LiveStatus, _ database: Database? = nil) async -> Bool {
        do {
            try await ask { try await live.refresh(database ?? $0) }
            return true
        } catch {
            return false
        }
    }

    @Test func `is shown for 90 seconds while the database is away, and then is unknown`() async throws {
        try await withBot { away in
            let live = LiveStatus(hubs: [], clock: clock.steady)
            #expect(await refresh(live))
            #expect(live.latest?.state == .online)
            for _ in 1...2 {
                clock.advance(.milliseconds(44_999))
                #expect(await !refresh(live, away))
                #expect(live.latest?.state == .online)
            }
            clock.advance(.milliseconds(2))
            #expect(await !refresh(live, away))
            #expect(live.latest?.state == .unknown)
            // The time counts from the last answer.
            #expect(await refresh(live))
            #expect(live.latest?.state == .online)
            clock.advance(.seconds(89))
            #expect(await !refresh(live, away))
            #expect(live.latest?.state == .online)
        }
    }
}
