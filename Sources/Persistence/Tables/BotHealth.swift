package import Domain
internal import Formats

/// The bot's heartbeats, and the state, uptime and incidents derived from them.
package enum BotHealth {
    /// All instances; one `unknown` instance if there never was a heartbeat.
    ///
    /// Beats that a clock ahead of time stored are corrected first.
    package static func statuses(_ database: Database) async throws(DatabaseFailure) -> [BotStatus] {
        let answers = try await database.rows([
            "SELECT dashboard.correct_bot_times()", "SELECT \(statusColumns) FROM dashboard.bot_states()",
        ])
        return try statusColumns.all(answers[1])
    }

    /// An instance that never wrote has no numbers: they count as 0.
    private static let statusColumns = Columns("bot_states") { row throws(DatabaseFailure) in
        var status = BotStatus(asOf: try row("checked_at"))
        status.instance = try row("instance")
        status.state = try row("state")
        status.report = try row("status")
        status.since = try row("since")
        status.lastHeartbeat = try row("last_heartbeat")
        status.beatsMissed = try row("coalesce(beats_missed, 0)")
        status.startedAt = try row("started_at")
        status.shardCount = try row("coalesce(shard_count, 0)")
        status.shardsDown = try row("coalesce(shards_down, 0)")
        status.guildCount = try row("coalesce(guild_count, 0)")
        status.latencyMilliseconds = try row("latency_ms")
        status.version = try row("version")
        return status
    }

    /// Records the incident of a silent bot, once for any number of processes.
    package static func noteSilence(_ database: Database) async throws(DatabaseFailure) {
        try await database.rows("SELECT instance FROM dashboard.note_bot_silence()")
    }

    /// Aggregates old minutes into hours and days.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func rollUp(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.roll_up_bot_health()")
    }

    package static func history(instance: Int, _ database: Database) async throws(DatabaseFailure) -> BotHistory {
        let answers = try await database.rows([
            "SELECT \(periodColumns) FROM dashboard.bot_uptime(\(instance)::int)",
            """
            SELECT \(incidentColumns) FROM bot_incidents
             WHERE instance = \(instance)::int ORDER BY started_at DESC, id DESC LIMIT 50
            """,
        ])
        let all = try periodColumns.all(answers[0])
        return BotHistory(
            periods: all.filter { $0.name != "day" },
            days: all.filter { $0.name == "day" }.map(\.uptime).sorted { $0.start < $1.start },
            incidents: try incidentColumns.all(answers[1]))
    }

    private static let periodColumns = Columns("bot_uptime") { row throws(DatabaseFailure) in
        (
            name: try row("period", as: String.self),
            uptime: try BotUptime(
                start: row("starts_at"), end: row("ends_at"), online: row("online_seconds"),
                degraded: row("degraded_seconds"), offline: row("offline_seconds"), unknown: row("unknown_seconds"))
        )
    }

    private static let incidentColumns = Columns("bot_incidents") { row throws(DatabaseFailure) in
        try BotIncident(
            id: row("id"), state: row("state"), startedAt: row("started_at"), endedAt: row("ended_at"),
            reason: row("reason"))
    }

    package static let queue = Query<BotQueue?> { access in
        "SELECT \(queueColumns) FROM guild_queue_depths WHERE client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        try queueColumns.first(rows)
    }

    private static let queueColumns = Columns("guild_queue_depths") { row throws(DatabaseFailure) in
        try BotQueue(depth: row("depth"), oldestJob: row("oldest_job_at"), updatedAt: row("updated_at"))
    }
}
