import Domain
import Formats
import Persistence
import TestKit
import Testing

/// Each on a database of its own: all bots and all their history are one table.
@Suite struct `The bot's uptime` {
    private func apart(_ name: String, _ body: (Inspector) async throws -> Void) async throws {
        let database = try await TestDatabase.another(name)
        try await TestDatabase.$own.withValue(database) { try await body(try await Inspector()) }
    }

    /// A bot that began and fell silent so long ago.
    private func bot(
        _ instance: Int, _ state: String, began first: String, last: String, _ inspector: Inspector
    ) async throws {
        _ = try await inspector.connection.rows(
            """
            INSERT INTO bot_health (instance, first_heartbeat, last_heartbeat, started_at, shard_count, shards_down,
                                    guild_count, status, state, state_since, updated_at)
            VALUES (\(instance)::int, now() - \(first)::interval, now() - \(last)::interval, now(), 1, 0, 1, 'healthy',
                    \(state), now(), now())
            """)
    }

    private func history(of instance: Int) async throws -> BotHistory {
        try await ask { try await BotHealth.history(instance: instance, $0) }
    }

    private func expect(_ uptime: BotUptime, online: Double, degraded: Double, offline: Double, unknown: Double) {
        // The clock goes on between the writing and the reading.
        func isNear(_ value: Double, _ expected: Double) -> Bool { abs(value - expected) < 60 }
        #expect(isNear(uptime.online, online) && isNear(uptime.degraded, degraded), "\(uptime)")
        #expect(isNear(uptime.offline, offline) && isNear(uptime.unknown, unknown), "\(uptime)")
    }

    @Test func `separates online, degraded, offline, and unknown before the first heartbeat`() async throws {
        try await apart("uptime") { inspector in
            try await bot(1, "offline", began: "10 hours", last: "1 hour", inspector)
            _ = try await inspector.connection.rows(
                """
                INSERT INTO bot_health_rollups (instance, resolution, starts_at, online_seconds, degraded_seconds)
                VALUES (1, 'hour', date_trunc('hour', now() - interval '5 hours'), 3000, 400)
                """)
            let history = try await history(of: 1)
            #expect(history.periods.map(\.name) == ["24h", "7d", "30d", "90d"])
            for (period, days) in zip(history.periods, [1, 7, 30, 90]) {
                expect(
                    period.uptime, online: 3_000, degraded: 400, offline: 36_000 - 3_400,
                    unknown: Double(days) * 86_400 - 36_000)
                #expect(abs((period.uptime.share ?? 0) - 3_400 / 36_000) < 0.001)
            }
            #expect(history.days.count == 90 && history.days.map(\.online).reduce(0, +) == 3_000)
            #expect(history.days.map(\.degraded).reduce(0, +) == 400)
            #expect(zip(history.days, history.days.dropFirst()).allSatisfy { $0.start < $1.start })
        }
    }

    @Test(arguments: [("online", 300.0, 0.0), ("degraded", 0, 300), ("offline", 0, 0)])
    func `counts the time since the last heartbeat for its state, but no longer than 90 seconds`(
        state: String, online: Double, degraded: Double
    ) async throws {
        try await apart("uptime_\(state)") { inspector in
            try await bot(1, state, began: "1 hour", last: "10 minutes", inspector)
            let share = 90.0 / 300
            let day = try #require(try await history(of: 1).periods.first).uptime
            #expect(abs(day.online - online * share) < 0.01 && abs(day.degraded - degraded * share) < 0.01, "\(day)")
        }
    }

    @Test func `is kept when minutes become hours after 48 hours, and hours become days after 35 days`() async throws {
        try await apart("rolling_up") { inspector in
            try await bot(1, "offline", began: "80 days", last: "1 hour", inspector)
            let base = try await inspector.text("SELECT date_trunc('hour', now(), 'UTC')::text")
            // Distances from this hour, and from this day.
            _ = try await inspector.connection.rows(
                """
                INSERT INTO bot_health_rollups
                SELECT 1, resolution, CASE WHEN resolution = 'minute' OR is_hour THEN \(base)::timestamptz
                       ELSE date_trunc('day', \(base)::timestamptz, 'UTC') END - ago, beats, online, degraded, beats,
                       beats * 50, low, high
                  FROM (VALUES
                    ('minute', true, interval '46 hours', 1, 59, 1, 10, 20),
                    ('minute', true, interval '50 hours' - interval '1 minute', 2, 40, 10, 30, 40),
                    ('minute', true, interval '50 hours' - interval '2 minutes', 3, 60, 0, 20, 90),
                    ('hour', true, interval '50 hours', 4, 100, 5, 25, 35),
                    ('hour', true, interval '51 hours', 5, 200, 6, 1, 2),
                    ('hour', false, interval '34 days' - interval '3 hours', 6, 300, 7, 1, 2),
                    ('hour', false, interval '36 days' - interval '3 hours', 7, 400, 8, 7, 8),
                    ('hour', false, interval '36 days' - interval '4 hours', 8, 500, 9, 5, 6)
                  ) AS rows (resolution, is_hour, ago, beats, online, degraded, low, high)
                """)
            let before = try await history(of: 1)
            try await ask { try await BotHealth.rollUp($0) }
            let rows = try await inspector.text(
                """
                SELECT string_agg(format('%s %s: %s %s %s %s %s %s-%s', resolution,
                           CASE WHEN starts_at > \(base)::timestamptz - interval '52 hours'
                                THEN extract(epoch FROM \(base)::timestamptz - starts_at) / 3600
                                ELSE extract(epoch FROM date_trunc('day', \(base)::timestamptz, 'UTC') - starts_at) / 3600
                           END::int, beats, online_seconds, degraded_seconds, latency_count, latency_sum, latency_min,
                           latency_max), E'\\n' ORDER BY starts_at DESC)
                  FROM bot_health_rollups
                """)
            #expect(
                rows == """
                    minute 46: 1 59 1 1 50 10-20
                    hour 50: 9 200 15 9 450 20-90
                    hour 51: 5 200 6 5 250 1-2
                    hour 813: 6 300 7 6 300 1-2
                    day 864: 15 900 17 15 750 5-8
                    """)
            let after = try await history(of: 1)
            for (old, new) in zip(before.periods.dropFirst(), after.periods.dropFirst()) {
                #expect(
                    old.uptime.online == new.uptime.online && old.uptime.degraded == new.uptime.degraded, "\(old.name)")
            }
            #expect(after.periods[3].uptime.online == 1_659 && after.periods[3].uptime.degraded == 46)
        }
    }
}
