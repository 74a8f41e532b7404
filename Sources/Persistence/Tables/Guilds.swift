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

    package static let activity = Query<GuildActivity> { access in
        """
        SELECT \(activityColumns)
          FROM posts WHERE client_id = \(access.client) AND posted_at > now() - interval '14 days'
        """
    } value: { rows throws(DatabaseFailure) in
        try activityColumns.row(0, of: rows)
    }

    private static let activityColumns = Columns("posts") { row throws(DatabaseFailure) in
        try GuildActivity(
            newPosts: row("count(*) FILTER (WHERE posted_at > now() - interval '24 hours')"),
            views: row("saturated(coalesce(sum(views) FILTER (WHERE posted_at > now() - interval '7 days'), 0))"),
            viewsBefore: row("saturated(coalesce(sum(views) FILTER (WHERE posted_at <= now() - interval '7 days'), 0))")
        )
    }
}
