package import Domain
internal import Formats

extension Posts {
    /// The number of posts that match the filter, for pages; the API's list omits it.
    package static func count(_ filter: PostFilter) -> Query<RowCount> {
        Query { access in
            isAboutAccounts(filter) ? accountsStatement(filter, access) : statement(filter, access)
        } value: { rows throws(DatabaseFailure) in
            let count: Int = try rows.only("count(*)", of: "posts")
            return isAboutAccounts(filter) ? RowCount(exact: count) : RowCount(count)
        }.slow(if: filter.isSearch)
    }

    /// The number of posts older than that many days, which this retention would delete.
    package static func expired(after days: Int) -> Query<RowCount> {
        Query { access in
            RowCount.statement(
                """
                FROM posts p WHERE p.client_id = \(access.client)
                 AND p.posted_at < now() - make_interval(days => \(days)::int)
                """)
        } value: { rows throws(DatabaseFailure) in
            RowCount(try rows.only("count(*)", of: "posts"))
        }.slow()
    }

    /// Accounts store their post counts, so many filters need no count of posts.
    private static func isAboutAccounts(_ filter: PostFilter) -> Bool {
        filter.from == nil && filter.to == nil && filter.minViews == nil && filter.text == nil
    }

    private static func accountsStatement(_ filter: PostFilter, _ access: GuildAccess) -> SQL {
        var conditions: SQL = "a.client_id = \(access.client)"
        if let account = filter.account { conditions += " AND a.id = \(account)" }
        if let brand = filter.brand { conditions += " AND g.brand_id = \(brand)" }
        if let group = filter.group { conditions += " AND a.group_id = \(group)" }
        if let platform = filter.platform { conditions += " AND a.platform = \(platform)" }
        return """
            SELECT saturated(coalesce(sum(a.post_count), 0)) FROM client_accounts a
              JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
             WHERE \(conditions)
            """
    }

    /// Every post has an account, and every account a group, so unneeded joins are left out.
    private static func statement(_ filter: PostFilter, _ access: GuildAccess) -> SQL {
        var source: SQL = "FROM posts p"
        if filter.brand != nil || filter.group != nil || filter.text != nil {
            source += " JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id"
        }
        if filter.brand != nil {
            source += " JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id"
        }
        return RowCount.statement(
            "\(source) WHERE p.client_id = \(access.client)\(conditions(filter, access))")
    }
}
