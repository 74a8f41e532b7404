internal import Formats

/// The measurements of demo mode's simulated bot, written through the bot's functions.
package struct SampleMeasurements {
    private let bot: BlockingConnection
    /// A bot's role cannot read, so the simulated bot reads the sample data as the owner.
    private let owner: BlockingConnection

    package init(bot: String, owner: String) throws(DatabaseFailure) {
        let name = "tracking-dashboard demo bot"
        self.bot = try BlockingConnection(ConnectionSettings(address: bot, role: .login, name: name))
        self.owner = try BlockingConnection(ConnectionSettings(address: owner, role: .owner, name: name))
        try self.owner.script("SET app.scope = 'all'")
    }

    /// One round: recent posts gain views, a new post appears, queues change.
    ///
    /// Only for guilds with the bot.
    package func write() throws(DatabaseFailure) {
        for statement in [Self.grown, Self.posted] {
            for (guild, batch) in try Self.batch.all(try owner.rows("SELECT \(Self.batch) FROM (\(statement)) batches"))
            {
                try bot.rows("SELECT bot.record_posts(\(guild)::int8, \(batch)::jsonb)")
            }
        }
        let queues = try owner.rows("SELECT \(Self.queue) FROM guilds WHERE left_at IS NULL")
        for (guild, depth, age) in try Self.queue.all(queues) {
            try bot.rows("SELECT bot.queue_depth(\(guild)::int8, \(depth)::int, \(age)::int)")
        }
    }

    private static let batch = Columns("posts") { row throws(DatabaseFailure) in
        (try row("guild_id", as: Int.self), try row("batch", as: String.self))
    }

    private static let queue = Columns("guilds") { row throws(DatabaseFailure) in
        (
            try row("guild_id", as: Int.self), try row("(random() * 12)::bigint", as: Int.self),
            try row("(random() * 40)::bigint", as: Int.self)
        )
    }

    /// A twentieth of the last week's posts, by up to two percent; new posts gain some views more.
    ///
    /// Likes and the rest follow the views at the post's own rate, together at most 11 percent, as in the sample data.
    private static let grown: SQL = """
        SELECT g.guild_id, jsonb_agg(jsonb_build_object(
                   'platform', p.platform, 'handle', a.handle, 'externalId', p.external_id, 'postedAt', p.posted_at,
                   'views', reached.views, 'likes', greatest(p.likes, (reached.views * rate.likes)::bigint),
                   'comments', greatest(p.comments, (reached.views * rate.likes * 0.06)::bigint),
                   'shares', greatest(p.shares, (reached.views * rate.likes * 0.1)::bigint),
                   'measuredAt', now()))::text AS batch
          FROM posts p
         CROSS JOIN LATERAL (
            SELECT p.views + 1 + (p.views * random() * 0.02)::bigint
                   + CASE WHEN p.posted_at > now() - interval '2 days' THEN (random() * 40)::bigint ELSE 0 END AS views
         ) reached
         CROSS JOIN LATERAL (
            SELECT CASE WHEN p.likes >= 30 THEN least(p.likes::float8 / greatest(p.views, 1), 0.09)
                        ELSE 0.03 + 0.06 * abs(hashtext(p.external_id) % 1000) / 1000.0 END AS likes
         ) rate
          JOIN guilds g ON g.client_id = p.client_id AND g.left_at IS NULL
          JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
         WHERE p.posted_at > now() - interval '7 days' AND random() < 0.05
         GROUP BY g.guild_id
        """

    private static let posted: SQL = """
        SELECT g.guild_id, jsonb_build_array(jsonb_build_object(
                   'platform', a.platform, 'handle', a.handle, 'externalId', 'demo-' || gen_random_uuid(), 'url', a.url,
                   'caption', (ARRAY['Behind the scenes today', 'New drop, link in bio', 'Morning run',
                       'Q&A tonight at eight', 'Trying this again', 'Thank you for 10k'])[1 + floor(random() * 6)::int],
                   'postedAt', now(), 'views', 0, 'measuredAt', now()))::text AS batch
          FROM client_accounts a JOIN guilds g ON g.client_id = a.client_id AND g.left_at IS NULL
         WHERE a.status = 'active' AND random() < 0.0004
         ORDER BY random() LIMIT 1
        """
}
