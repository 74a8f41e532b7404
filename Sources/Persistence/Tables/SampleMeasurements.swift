/// What the simulated bot of demo mode writes.
package enum SampleMeasurements {
    package static func connect(_ address: String) throws(DatabaseFailure) -> BlockingConnection {
        let connection = try BlockingConnection(
            ConnectionSettings(address: address, role: .owner, name: "tracking-dashboard demo bot"))
        try connection.script("SET app.scope = 'all'")
        return connection
    }

    /// One round: recent posts gain views, a new post comes along, queues move.
    ///
    /// Only guilds that the bot is in.
    package static func write(_ connection: BlockingConnection) throws {
        try connection.transaction {
            try connection.rows(grow)
            try connection.rows(keepHistory)
            try connection.rows(post)
            try connection.rows(queue)
        }
    }

    /// A twentieth of the last week's posts, by up to two percent.
    private static let grow: SQL = """
        UPDATE posts AS p
           SET views = p.views + 1 + (p.views * random() * 0.02)::bigint, likes = p.likes + (random() * 9)::bigint,
               comments = p.comments + (random() * 1.2)::bigint, measured_at = now()
          FROM guilds g
         WHERE g.client_id = p.client_id AND g.left_at IS NULL AND p.posted_at > now() - interval '7 days'
           AND random() < 0.05
        """

    private static let keepHistory: SQL = """
        INSERT INTO post_metrics (client_id, post_id, measured_at, views, likes, comments, shares)
        SELECT client_id, id, measured_at, views, likes, comments, shares FROM posts WHERE measured_at = now()
        """

    private static let post: SQL = """
        INSERT INTO posts (client_id, account_id, platform, external_id, url, caption, posted_at, measured_at)
        SELECT a.client_id, a.id, a.platform, 'demo-' || gen_random_uuid(), a.url,
               (ARRAY['Behind the scenes today', 'New drop, link in bio', 'Morning run', 'Q&A tonight at eight',
                      'Trying this again', 'Thank you for 10k'])[1 + floor(random() * 6)::int], now(), now()
          FROM client_accounts a JOIN guilds g ON g.client_id = a.client_id AND g.left_at IS NULL
         WHERE a.status = 'active' AND random() < 0.0004
         ORDER BY random() LIMIT 1
        """

    private static let queue: SQL = """
        SELECT bot.queue_depth(guild_id, (random() * 12)::int, (random() * 40)::int) FROM guilds WHERE left_at IS NULL
        """
}
