import Domain
import Persistence
import Synchronization
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// On a database of its own: all bots' history is one table.
@Suite struct `The cached uptime` {
    @Test func `is read again after 30 seconds, or when the state or the bot changes`() async throws {
        let database = try await TestDatabase.another("uptime_kept")
        try await TestDatabase.$own.withValue(database) {
            let owner = try WaitingConnection(role: .owner)
            try await owner.script(
                """
                INSERT INTO bot_health (instance, first_heartbeat, last_heartbeat, started_at, shard_count, shards_down,
                                        guild_count, status, state, state_since, updated_at)
                SELECT n, now(), now(), now(), 1, 0, 1, 'healthy', 'online', now(), now() FROM generate_series(1, 2) AS n
                """)
            let start = ContinuousClock.now
            let seconds = Atomic(0)
            let uptime = UptimeHistory { start + .seconds(seconds.load(ordering: .relaxed)) }
            /// Adds an incident, and counts the displayed ones.
            func incidents(at second: Int, _ state: BotState = .online, of instance: Int = 1) async throws -> Int {
                try await owner.script(
                    """
                    INSERT INTO bot_incidents (instance, state, started_at, ended_at, reason)
                    VALUES (1, 'offline', now(), now(), 'silence')
                    """)
                seconds.store(second, ordering: .relaxed)
                var status = BotStatus(asOf: Timestamp(seconds: 0))
                (status.state, status.instance) = (state, instance)
                let asked = status
                return try await database.ask { try await uptime.read(with: asked, $0) }.incidents.count
            }
            #expect(try await incidents(at: 0) == 1)
            #expect(try await incidents(at: 29) == 1)
            #expect(try await incidents(at: 30) == 3)
            #expect(try await incidents(at: 59) == 3)
            #expect(try await incidents(at: 59, .degraded) == 5)
            #expect(try await incidents(at: 60, .degraded) == 5)
            #expect(try await incidents(at: 60, .degraded, of: 2) == 0)
            #expect(try await incidents(at: 60, .degraded) == 8)
        }
    }
}
