package import Domain

/// One account with its history of 90 days and its newest posts.
package struct AccountDetail: Sendable {
    package let account: Accounts.Account
    /// The platform's own id.
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

    /// The posts of a day in the guild's time zone and the views they have by now; days without posts have no point.
    package struct ViewPoint: Sendable, Equatable {
        package let day: CalendarDay
        package let posts: Int
        package let views: Int64
    }

    /// - Returns: nil where the tenant has no such account.
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

    private static func views(of id: ClientAccountID) -> Query<[ViewPoint]> {
        Query { access in
            """
            SELECT \(GuildTime.day("posted_at", in: access)) AS day, count(*), sum(views)::bigint FROM posts
             WHERE client_id = \(access.client) AND account_id = \(id)
               AND posted_at >= \(GuildTime.startOfNinetyDays(in: access))
             GROUP BY day ORDER BY day
            """
        } value: { rows in
            rows.map { ViewPoint(day: $0.day(0), posts: $0.int(1), views: $0.integer(2)) }
        }
    }
}
