package import Domain
package import Formats

/// The bot's heartbeats, and the state, uptime and incidents derived from them.
package enum BotHealth {
    /// The state of one instance of the bot, by the database's clock.
    package struct Status: Sendable, Equatable {
        package var instance = 1
        package var state = BotState.unknown
        /// Since when the state holds.
        package var since: Timestamp?
        package var lastHeartbeat: Timestamp?
        package var beatsMissed = 0
        package var startedAt: Timestamp?
        package var shardCount = 0
        package var shardsDown = 0
        package var guildCount = 0
        package var latencyMilliseconds: Int?
        package var version: String?
        /// When the state was read.
        package var asOf: Timestamp

        package init(asOf: Timestamp) { self.asOf = asOf }
    }

    /// All instances; one `unknown` instance if there never was a heartbeat.
    package static func statuses(_ database: Database) async throws(DatabaseFailure) -> [Status] {
        try await database.rows(
            """
            SELECT instance, state, since, last_heartbeat, beats_missed, started_at, shard_count, shards_down,
                   guild_count, latency_ms, version, checked_at
              FROM dashboard.bot_states()
            """
        ).map { row in
            var status = Status(asOf: row.timestamp(11))
            status.instance = row.int(0)
            status.state = row.vocabulary(1, default: .unknown)
            status.since = row.optionalTimestamp(2)
            status.lastHeartbeat = row.optionalTimestamp(3)
            status.beatsMissed = row.int(4)
            status.startedAt = row.optionalTimestamp(5)
            status.shardCount = row.int(6)
            status.shardsDown = row.int(7)
            status.guildCount = row.int(8)
            status.latencyMilliseconds = row.optionalInt(9)
            status.version = row.optionalText(10)
            return status
        }
    }

    /// Records the incident of a silent bot, once for any number of processes.
    package static func noteSilence(_ database: Database) async throws(DatabaseFailure) {
        try await database.rows("SELECT instance FROM dashboard.note_bot_silence()")
    }

    /// Aggregates old minutes into hours and days.
    package static func rollUp(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.roll_up_bot_health()")
    }

    /// Seconds that the bot spent in each state during one period.
    package struct Uptime: Sendable, Equatable {
        package let start: Timestamp
        package let end: Timestamp
        package let online: Double
        package let degraded: Double
        package let offline: Double
        package let unknown: Double

        /// Online or degraded, as a share of the known time; nil if none is known.
        package var share: Double? {
            let known = online + degraded + offline
            return known > 0 ? (online + degraded) / known : nil
        }
    }

    package struct History: Sendable, Equatable {
        /// The last 24 hours, 7, 30 and 90 days.
        package let periods: [(name: String, uptime: Uptime)]
        /// 90 days, oldest first.
        package let days: [Uptime]
        /// The newest first.
        package let incidents: [Incident]

        package static func == (left: History, right: History) -> Bool {
            left.days == right.days && left.incidents == right.incidents
        }
    }

    package struct Incident: Sendable, Equatable {
        package let id: BotIncidentID
        package let state: BotState
        package let startedAt: Timestamp
        package let endedAt: Timestamp?
        /// `silence`, `stopping`, `reported`, `shards_down` or `latency`.
        package let reason: String
    }

    package static func history(instance: Int, _ database: Database) async throws(DatabaseFailure) -> History {
        let answers = try await database.rows([
            """
            SELECT period, starts_at, ends_at, online_seconds, degraded_seconds, offline_seconds, unknown_seconds
              FROM dashboard.bot_uptime(\(instance)::int)
            """,
            """
            SELECT id, state, started_at, ended_at, reason FROM bot_incidents
             WHERE instance = \(instance)::int ORDER BY started_at DESC, id DESC LIMIT 50
            """,
        ])
        let all = answers[0].map { row in (name: row.text(0), uptime: uptime(row)) }
        return History(
            periods: all.filter { $0.name != "day" },
            days: all.filter { $0.name == "day" }.map(\.uptime).sorted { $0.start < $1.start },
            incidents: answers[1].map { row in
                Incident(
                    id: row.id(0), state: row.vocabulary(1, default: .unknown), startedAt: row.timestamp(2),
                    endedAt: row.optionalTimestamp(3), reason: row.text(4))
            })
    }

    private static func uptime(_ row: Row) -> Uptime {
        Uptime(
            start: row.timestamp(1), end: row.timestamp(2), online: row.double(3), degraded: row.double(4),
            offline: row.double(5), unknown: row.double(6))
    }

    /// The queue of one guild, as last reported by the bot.
    package struct Queue: Sendable, Equatable {
        package let depth: Int
        package let oldestJob: Timestamp?
        package let updatedAt: Timestamp
    }

    package static let queue = Query<Queue?> { access in
        "SELECT depth, oldest_job_at, updated_at FROM guild_queue_depths WHERE client_id = \(access.client)"
    } value: { rows in
        rows.first.map { Queue(depth: $0.int(0), oldestJob: $0.optionalTimestamp(1), updatedAt: $0.timestamp(2)) }
    }
}
