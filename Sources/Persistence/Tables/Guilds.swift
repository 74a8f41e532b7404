package import Domain
package import Formats

/// The table `guilds`: a Discord server.
package enum Guilds {
    package struct Profile: Sendable, Equatable {
        package let guild: GuildID
        package let name: String
        /// The hash of the icon on Discord's CDN.
        package let icon: String?
        package let joinedAt: Timestamp
        /// When the bot left; nil while it is a member.
        package let leftAt: Timestamp?
        /// Only for admins, except the time zone.
        package let settings: Settings
    }

    package static let profile = Query<Profile?> { access in
        """
        SELECT \(profileColumns)
          FROM guilds g JOIN guild_settings s ON s.client_id = g.client_id
         WHERE g.client_id = \(access.client)
        """
    } value: { rows throws(DatabaseFailure) in
        try profileColumns.first(rows)
    }

    private static let profileColumns = Columns("guilds") { row throws(DatabaseFailure) in
        try Profile(
            guild: row("g.guild_id"), name: row("g.name"), icon: row("g.icon"), joinedAt: row("g.joined_at"),
            leftAt: row("g.left_at"), settings: row(settingsColumns))
    }

    // MARK: Numbers

    package struct Counts: Sendable, Equatable {
        package let brands: Int
        package let groups: Int
        package let accounts: [Share]

        /// The accounts of one platform and status.
        package struct Share: Sendable, Equatable {
            package let platform: Platform
            package let status: AccountStatus
            package let accounts: Int
            package let posts: Int
        }

        package var accountCount: Int { accounts.map(\.accounts).saturatingSum }
        package var postCount: Int { accounts.map(\.posts).saturatingSum }

        package func accounts(on platform: Platform) -> Int {
            accounts.filter { $0.platform == platform }.map(\.accounts).saturatingSum
        }

        package func posts(on platform: Platform) -> Int {
            accounts.filter { $0.platform == platform }.map(\.posts).saturatingSum
        }

        package func accounts(being status: AccountStatus) -> Int {
            accounts.filter { $0.status == status }.map(\.accounts).saturatingSum
        }
    }

    package static let counts = Query<Counts> { access in
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
        return Counts(
            brands: totals.brands, groups: totals.groups,
            accounts: try shareColumns.all(answers[answers.startIndex + 1]))
    }

    private static let totalColumns = Columns("brands") { row throws(DatabaseFailure) in
        (brands: try row("brands", as: Int.self), groups: try row("groups", as: Int.self))
    }

    private static let shareColumns = Columns("client_accounts") { row throws(DatabaseFailure) in
        try Counts.Share(
            platform: row("platform"), status: row("status"), accounts: row("count(*)"),
            posts: row("saturated(sum(post_count))"))
    }

    /// Recent activity.
    package struct Activity: Sendable, Equatable {
        /// Posts of the last 24 hours.
        package let newPosts: Int
        /// Views of the posts of the last 7 days, and of the 7 days before.
        package let views: Int64
        package let viewsBefore: Int64

        /// The growth of the views, 0.5 for 50% more; nil if there were none before.
        package var viewsGrowth: Double? {
            viewsBefore > 0 ? Double(views.saturatingSubtract(viewsBefore)) / Double(viewsBefore) : nil
        }
    }

    package static let activity = Query<Activity> { access in
        """
        SELECT \(activityColumns)
          FROM posts WHERE client_id = \(access.client) AND posted_at > now() - interval '14 days'
        """
    } value: { rows throws(DatabaseFailure) in
        try activityColumns.row(0, of: rows)
    }

    private static let activityColumns = Columns("posts") { row throws(DatabaseFailure) in
        try Activity(
            newPosts: row("count(*) FILTER (WHERE posted_at > now() - interval '24 hours')"),
            views: row("saturated(coalesce(sum(views) FILTER (WHERE posted_at > now() - interval '7 days'), 0))"),
            viewsBefore: row("saturated(coalesce(sum(views) FILTER (WHERE posted_at <= now() - interval '7 days'), 0))")
        )
    }
}
