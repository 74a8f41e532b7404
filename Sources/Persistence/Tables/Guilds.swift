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
        SELECT g.guild_id, g.name, g.icon, g.joined_at, g.left_at, \(settingsColumns)
          FROM guilds g JOIN guild_settings s ON s.client_id = g.client_id
         WHERE g.client_id = \(access.client)
        """
    } value: { rows in
        rows.first.map { row in
            Profile(
                guild: row.id(0), name: row.text(1), icon: row.optionalText(2), joinedAt: row.timestamp(3),
                leftAt: row.optionalTimestamp(4), settings: settings(row, from: 5))
        }
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
            SELECT (SELECT count(*) FROM brands WHERE client_id = \(access.client)),
                   (SELECT count(*) FROM account_groups WHERE client_id = \(access.client))
            """,
            """
            SELECT platform, status, count(*), saturated(sum(post_count)) FROM client_accounts
             WHERE client_id = \(access.client) GROUP BY platform, status ORDER BY platform, status
            """,
        ]
    } value: { answers in
        let (totals, shares) = (answers[answers.startIndex], answers[answers.startIndex + 1])
        return Counts(
            brands: totals[0].int(0), groups: totals[0].int(1),
            accounts: shares.map { row in
                Counts.Share(
                    platform: row.vocabulary(0, default: .x), status: row.vocabulary(1, default: .error),
                    accounts: row.int(2), posts: row.int(3))
            })
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
        SELECT count(*) FILTER (WHERE posted_at > now() - interval '24 hours'),
               saturated(coalesce(sum(views) FILTER (WHERE posted_at > now() - interval '7 days'), 0)),
               saturated(coalesce(sum(views) FILTER (WHERE posted_at <= now() - interval '7 days'), 0))
          FROM posts WHERE client_id = \(access.client) AND posted_at > now() - interval '14 days'
        """
    } value: { rows in
        Activity(newPosts: rows[0].int(0), views: rows[0].integer(1), viewsBefore: rows[0].integer(2))
    }
}
