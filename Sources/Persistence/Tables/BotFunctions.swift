package import Domain
package import Formats

/// The report that a bot sends every half minute.
package struct Heartbeat: Sendable, Equatable {
    package var instance = 1
    package var status = BotState.Report.healthy
    package var shardCount: Int?
    package var shardsDown = 0
    package var guildCount: Int?
    package var latencyMilliseconds: Int?
    package var version: String?
    package var startedAt: Timestamp?
    package init() {}
}

/// The functions of schema `bot`, the only rights of a bot's role.
package enum BotFunctions {
    package static func heartbeat(_ beat: Heartbeat, _ connection: BlockingConnection) throws(DatabaseFailure) {
        try connection.rows(
            """
            SELECT bot.heartbeat(
                instance => \(beat.instance)::int, status => \(beat.status.rawValue),
                shard_count => \(beat.shardCount)::int, shards_down => \(beat.shardsDown)::int,
                guild_count => \(beat.guildCount)::int, version => \(beat.version),
                latency_ms => \(beat.latencyMilliseconds)::int, started_at => \(beat.startedAt))
            """)
    }
}
