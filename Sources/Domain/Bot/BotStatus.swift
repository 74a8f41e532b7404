package import Formats

/// The state of one instance of the bot, by the database's clock.
package struct BotStatus: Sendable, Equatable {
    package var instance = 1
    package var state = BotState.unknown
    /// The status in the last heartbeat; nil if there never was one.
    package var report: BotState.Report?
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

/// The queue of one guild, as last reported by the bot.
package struct BotQueue: Sendable, Equatable {
    package let depth: Int
    package let oldestJob: Timestamp?
    package let updatedAt: Timestamp

    package init(depth: Int, oldestJob: Timestamp?, updatedAt: Timestamp) {
        self.depth = depth
        self.oldestJob = oldestJob
        self.updatedAt = updatedAt
    }
}
