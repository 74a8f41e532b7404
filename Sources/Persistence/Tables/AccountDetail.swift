package import Domain
package import Formats

/// One account with its history of 90 days and its newest posts.
package struct AccountDetail: Sendable {
    package let account: Accounts.Account
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
        var own = Posts.Filter()
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
        let account: Accounts.Account
        let externalID: String?
        let notes: String
        let updatedAt: Timestamp
    }

    private static func account(_ id: ClientAccountID) -> Query<Found?> {
        Query { access in
            """
            SELECT \(Accounts.columns), a.external_id, a.notes, a.updated_at FROM client_accounts a \(Accounts.joins)
             WHERE a.client_id = \(access.client) AND a.id = \(id)
            """
        } value: { rows in
            rows.first.map { row in
                Found(
                    account: Accounts.account(row), externalID: row.optionalText(16), notes: row.text(17),
                    updatedAt: row.timestamp(18))
            }
        }
    }

    private static func followers(of id: ClientAccountID) -> Query<[FollowerPoint]> {
        Query { access in
            """
            SELECT DISTINCT ON (day) \(GuildTime.day("measured_at", in: access)) AS day, followers
              FROM account_metrics
             WHERE client_id = \(access.client) AND account_id = \(id)
               AND measured_at >= \(GuildTime.startOfNinetyDays(in: access))
             ORDER BY day, measured_at DESC
            """
        } value: { rows in
            rows.map { FollowerPoint(day: $0.day(0), followers: $0.integer(1)) }
        }
    }

    /// If a post is older than the 90 days, its first measurement shows no gain.
    private static func views(of id: ClientAccountID) -> Query<[ViewPoint]> {
        Query { access in
            let start = GuildTime.startOfNinetyDays(in: access)
            return """
                SELECT day, saturated(greatest(sum(gained), 0))
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
        } value: { rows in
            rows.map { ViewPoint(day: $0.day(0), gained: $0.integer(1)) }
        }
    }
}
