package import Domain
internal import Formats

/// The table `guilds`: a Discord server.
package enum Guilds {
    package static let profile = Query<GuildProfile?> { access in
        """
        SELECT \(profileColumns)
          FROM guilds g JOIN guild_settings s ON s.client_id = g.client_id
         WHERE g.client_id = \(access.client)
        """
    } value: { rows throws(DatabaseFailure) in
        try profileColumns.first(rows)
    }

    private static let profileColumns = Columns("guilds") { row throws(DatabaseFailure) in
        try GuildProfile(
            guild: row("g.guild_id"), name: row("g.name"), icon: row("g.icon"), joinedAt: row("g.joined_at"),
            leftAt: row("g.left_at"), settings: row(settingsColumns))
    }

    // MARK: Numbers

    package static let counts = Query<GuildCounts> { access in
        [
            """
            SELECT \(totalColumns)
              FROM (SELECT (SELECT count(*) FROM brands WHERE client_id = \(access.client)) AS brands,
                           (SELECT count(*) FROM account_groups WHERE client_id = \(access.client)) AS groups) totals
            """,
            """
            SELECT \(shareColumns) FROM client_accounts
             WHERE client_id = \(access.client) GROUP BY platform, status ORDER BY platform, status
            """,
        ]
    } value: { answers throws(DatabaseFailure) in
        let totals = try totalColumns.row(0, of: answers[answers.startIndex])
        return GuildCounts(
            brands: totals.brands, groups: totals.groups,
            accounts: try shareColumns.all(answers[answers.startIndex + 1]))
    }

    private static let totalColumns = Columns("brands") { row throws(DatabaseFailure) in
        (brands: try row("brands", as: Int.self), groups: try row("groups", as: Int.self))
    }

    private static let shareColumns = Columns("client_accounts") { row throws(DatabaseFailure) in
        try GuildCounts.Share(
            platform: row("platform"), status: row("status"), accounts: row("count(*)"),
            posts: row("saturated(sum(post_count))"))
    }

    /// Both weeks are alike: gains of 7 days, by posts of the 14 days that end with them.
    ///
    /// `a_week_ago` and `two_weeks_ago` are the views of each post then. If it was measured later for the first time,
    /// it shows no gain before.
    package static let activity = Query<GuildActivity> { access in
        """
        SELECT \(activityColumns)
          FROM (SELECT p.posted_at, p.views, p.posted_at >= \(GuildTime.startOfYesterday(in: access)) AS is_new,
                       CASE WHEN p.posted_at > now() - interval '7 days' THEN 0
                            ELSE \(views(until: "7 days", in: access)) END AS a_week_ago,
                       CASE WHEN p.posted_at > now() - interval '7 days' THEN 0
                            ELSE \(views(after: "7 days", in: access)) END AS this_week,
                       CASE WHEN p.posted_at > now() - interval '14 days' THEN 0
                            ELSE coalesce(\(views(until: "14 days", in: access)),
                                          \(views(after: "14 days", in: access))) END AS two_weeks_ago
                  FROM posts p WHERE p.client_id = \(access.client) AND p.posted_at > now() - interval '21 days') posts
        """
    } value: { rows throws(DatabaseFailure) in
        try activityColumns.row(0, of: rows)
    }

    /// The views of the post `p` at its last measurement until that long ago; NULL if there was none.
    private static func views(until age: SQL, in access: GuildAccess) -> SQL {
        "(\(measured(access)) AND m.measured_at <= now() - interval '\(age)' ORDER BY m.measured_at DESC LIMIT 1)"
    }

    /// The views of the post `p` at its first measurement after that; NULL if there is none.
    private static func views(after age: SQL, in access: GuildAccess) -> SQL {
        "(\(measured(access)) AND m.measured_at > now() - interval '\(age)' ORDER BY m.measured_at LIMIT 1)"
    }

    /// The range of times lets PostgreSQL skip the partitions of other months.
    private static func measured(_ access: GuildAccess) -> SQL {
        """
        SELECT m.views FROM post_metrics m
         WHERE m.client_id = \(access.client) AND m.post_id = p.id AND m.measured_at > now() - interval '22 days'
        """
    }

    private static let activityColumns = Columns("posts") { row throws(DatabaseFailure) in
        try GuildActivity(
            newPosts: row("count(*) FILTER (WHERE posted_at > now() - interval '24 hours')"),
            postsSinceYesterday: row("count(*) FILTER (WHERE is_new)"),
            views: row(
                """
                saturated(greatest(coalesce(
                    sum(views - coalesce(a_week_ago, this_week, views))
                        FILTER (WHERE posted_at > now() - interval '14 days'), 0), 0))
                """),
            viewsBefore: row(
                """
                saturated(greatest(coalesce(
                    sum(a_week_ago - coalesce(two_weeks_ago, a_week_ago))
                        FILTER (WHERE posted_at <= now() - interval '7 days'), 0), 0))
                """))
    }
}
