import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Each on a database of its own: all bots are rows of one table.
@Suite struct `The state of several instances of the bot` {
    /// Instances from 1 on: each its state and the seconds since its last heartbeat.
    private func present(_ name: String, _ bots: [(BotState, Int)]) async throws -> BotStatus? {
        let database = try await TestDatabase.another(name)
        return try await TestDatabase.$own.withValue(database) {
            let owner = try WaitingConnection(role: .owner)
            for (index, (state, seconds)) in bots.enumerated() {
                _ = try await owner.rows(
                    """
                    INSERT INTO bot_health (instance, first_heartbeat, last_heartbeat, started_at, shard_count,
                                            shards_down, guild_count, status, state, state_since, updated_at)
                    VALUES (\(index + 1)::int, now() - interval '1 day', now() - \(seconds)::int * interval '1 s', now(), 1, 0,
                            1, 'healthy', \(state.rawValue), now(), now())
                    """)
            }
            let live = LiveStatus(hubs: [])
            let first = try await database.ask { try await live.present($0) }
            #expect(live.latest == nil)
            try await database.ask { try await live.refresh($0) }
            #expect(live.latest?.instance == first?.instance && live.latest?.state == first?.state)
            #expect(live.statuses.count == bots.count)
            return live.latest
        }
    }

    @Test func `is the worst of them`() async throws {
        let worst = try await present("live_worst", [(.online, 1), (.degraded, 2), (.online, 3)])
        #expect(worst?.instance == 2 && worst?.state == .degraded)
    }

    @Test func `is offline while one has been silent for less than an hour`() async throws {
        let worst = try await present("live_silent", [(.online, 5), (.degraded, 5), (.online, 3_500)])
        #expect(worst?.instance == 3 && worst?.state == .offline)
    }

    @Test func `omits one that has been silent an hour longer than the others`() async throws {
        let worst = try await present("live_retired", [(.online, 5), (.offline, 3_700)])
        #expect(worst?.instance == 1 && worst?.state == .online)
    }

    @Test func `is offline if all are silent, independent of the time`() async throws {
        let worst = try await present("live_all_silent", [(.online, 90_000), (.online, 90_005)])
        #expect(worst?.state == .offline)
    }
}
