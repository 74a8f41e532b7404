package import Domain
package import Formats

/// One account with its history of 90 days and its newest posts.
package struct AccountDetail: Sendable {
    package let account: Account
    /// The platform's id of the account.
    package let externalID: String?
    package let notes: String
    package let updatedAt: Timestamp
    package let followers: [FollowerPoint]
    package let views: [ViewPoint]
    /// The newest ten.
    package let posts: Posts.Page

    /// The last measurement of a day in the guild's time zone; days without one have no point.
    package struct FollowerPoint: Sendable, Equatable {
        package let day: CalendarDay
        package let followers: Int64
    }

    /// The views that the newest hundred posts gained on a day in the guild's time zone, as measured; days without a
    /// measurement have no point.
    package struct ViewPoint: Sendable, Equatable {
        package let day: CalendarDay
        package let gained: Int64
    }

    /// - Returns: nil if the tenant has no such account.
    package static func read(
        _ id: ClientAccountID, in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> AccountDetail? {
        var own = PostFilter()
        own.account = id
        let (account, followers, views, posts) = try await database.read(
            account(id), followers(of: id), views(of: id), Posts.page(own, by: .postedAt, Slice(10)), in: access)
        return account.map {
            AccountDetail(
                account: $0.account, externalID: $0.externalID, notes: $0.notes, updatedAt: $0.updatedAt,
                followers: followers, views: views, posts: posts)
        }
    }

    private struct Found: Sendable {
        let account: Account
        let externalID: String?
        let notes: String
        let updatedAt: Timestamp
    }

    private static func account(_ id: ClientAccountID) -> Query<Found?> {
        Query { access in
            """
            SELECT \(found) FROM client_accounts a \(Accounts.joins)
             WHERE a.client_id = \(access.client) AND a.id = \(id)
            """
        } value: { rows throws(DatabaseFailure) in
            try found.first(rows)
        }
    }

    private static let found = Columns("client_accounts") { row throws(DatabaseFailure) in
        try Found(
            account: row(Accounts.columns), externalID: row("a.external_id"), notes: row("a.notes"),
            updatedAt: row("a.updated_at"))
    }

    private static func followers(of id: ClientAccountID) -> Query<[FollowerPoint]> {
        Query { access in
            """
            SELECT DISTINCT ON (day) \(followerPoint)
              FROM (SELECT \(GuildTime.day("measured_at", in: access)) AS day, followers, measured_at
                      FROM account_metrics
                     WHERE client_id = \(access.client) AND account_id = \(id)
                       AND measured_at >= \(GuildTime.startOfNinetyDays(in: access))) measured
             ORDER BY day, measured_at DESC
            """
        } value: { rows throws(DatabaseFailure) in
            try followerPoint.all(rows)
        }
    }

    private static let followerPoint = Columns("account_metrics") { row throws(DatabaseFailure) in
        try FollowerPoint(day: row("day"), followers: row("followers"))
    }

    /// If a post is older than the 90 days, its first measurement shows no gain.
    private static func views(of id: ClientAccountID) -> Query<[ViewPoint]> {
        Query { access in
            let start = GuildTime.startOfNinetyDays(in: access)
            return """
                SELECT \(viewPoint)
                  FROM (SELECT daily.day, daily.views - coalesce(
                               lag(daily.views) OVER (PARTITION BY p.id ORDER BY daily.day),
                               CASE WHEN p.posted_at < \(start) THEN daily.views ELSE 0 END) AS gained
                          FROM (SELECT id, posted_at FROM posts
                                 WHERE client_id = \(access.client) AND account_id = \(id)
                                 ORDER BY posted_at DESC, id DESC LIMIT 100) p
                         CROSS JOIN LATERAL (
                            SELECT \(GuildTime.day("m.measured_at", in: access)) AS day, max(m.views) AS views
                              FROM post_metrics m
                             WHERE m.client_id = \(access.client) AND m.post_id = p.id AND m.measured_at >= \(start)
                             GROUP BY day
                         ) daily
                  ) gains
                 GROUP BY day ORDER BY day
                """
        } value: { rows throws(DatabaseFailure) in
            try viewPoint.all(rows)
        }
    }

    private static let viewPoint = Columns("post_metrics") { row throws(DatabaseFailure) in
        try ViewPoint(day: row("day"), gained: row("saturated(greatest(sum(gained), 0))"))
    }
}
