package import Domain
package import Formats

/// The report that a bot sends every half minute.
///
/// `bot.heartbeat` has defaults for the values that are nil.
package struct Heartbeat: Sendable, Equatable {
    package var instance = 1
    package var status: BotState.Report?
    package var shardCount: Int?
    package var shardsDown: Int?
    package var guildCount: Int?
    package var latencyMilliseconds: Int?
    package var version: String?
    package var startedAt: Timestamp?
    package init() {}
}

/// Calls of the functions of schema `bot`, the only rights of a bot's role.
package enum BotFunctions {
    package static func heartbeat(_ beat: Heartbeat) -> SQL {
        """
        SELECT bot.heartbeat(
            instance => \(beat.instance)::int, status => \(beat.status?.rawValue),
            shard_count => \(beat.shardCount)::int, shards_down => \(beat.shardsDown)::int,
            guild_count => \(beat.guildCount)::int, version => \(beat.version),
            latency_ms => \(beat.latencyMilliseconds)::int, started_at => \(beat.startedAt))
        """
    }

    /// - Throws: `DatabaseFailure`.
    package static func heartbeat(_ beat: Heartbeat, _ connection: BlockingConnection) throws(DatabaseFailure) {
        try connection.rows(heartbeat(beat))
    }

    package static func guildJoined(_ guild: GuildID, name: String, icon: String?) -> SQL {
        "SELECT bot.guild_joined(\(guild), \(name), \(icon))"
    }

    package static func guildLeft(_ guild: GuildID) -> SQL { "SELECT bot.guild_left(\(guild))" }

    package static func queueDepth(_ guild: GuildID, _ depth: Int64, oldestAgeSeconds: Int64?) -> SQL {
        "SELECT bot.queue_depth(\(guild), \(depth)::int, \(oldestAgeSeconds)::int)"
    }

    package static func settings(of guild: GuildID) -> SQL { "SELECT bot.guild_settings(\(guild))::text" }

    /// A page of the accounts to track after an id: all, or those that changed since a version of the list.
    package static func accounts(of guild: GuildID, after id: Int, since version: Int) -> SQL {
        "SELECT bot.accounts(\(guild), \(Int64(id)), \(Int64(version)))::text"
    }

    /// The call for `BotAccess.runBatch`; the batch is JSON text.
    package static func storeAccounts(of guild: GuildID, _ batch: String) -> SQL {
        "dashboard.store_accounts_of_request(\(guild), \(batch))"
    }

    /// The same for posts.
    package static func storePosts(of guild: GuildID, _ batch: String) -> SQL {
        "dashboard.store_posts_of_request(\(guild), \(batch))"
    }
}
