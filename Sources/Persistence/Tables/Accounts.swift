package import Domain
internal import Formats

/// The table `client_accounts`: the tracked social media accounts.
package enum Accounts {
    /// `reversed` turns the usual direction of the order around.
    package static func page(
        _ filter: AccountFilter, by sort: AccountSort, reversed: Bool = false, _ slice: Slice
    ) -> Query<Page<Account>> {
        let descending = sort.isDescending != reversed
        return Query { access in
            """
            SELECT \(columns), \(key(sort)) FROM client_accounts a \(joins)
             WHERE a.client_id = \(access.client)\(conditions(filter))\(after(slice, sort, descending))
             \(order(sort, slice.direction(descending: descending))) \(slice.rowLimit)
            """
        } value: { rows throws(DatabaseFailure) in
            try Page(rows, slice, columns, key: key(sort), id: \.id)
        }.slow(if: filter.text != nil)
    }

    /// The number of accounts that match the filter.
    package static func count(_ filter: AccountFilter) -> Query<RowCount> {
        Query { access in
            RowCount.statement(
                "FROM client_accounts a \(joins) WHERE a.client_id = \(access.client)\(conditions(filter))")
        } value: { rows throws(DatabaseFailure) in
            RowCount(try rows.only("count(*)", of: "client_accounts"))
        }.slow(if: filter.text != nil)
    }

    // MARK: Pieces of statements

    static let columns = Columns("client_accounts") { row throws(DatabaseFailure) in
        try Account(
            id: row("a.id"), platform: row("a.platform"), handle: row("a.handle"), displayName: row("a.display_name"),
            url: row("a.url"), status: row("a.status"), statusSince: row("a.status_since"),
            followers: row("a.followers"), lastPostAt: row("a.last_post_at"), postCount: row("a.post_count"),
            createdAt: row("a.created_at"), version: row("a.version"), group: row("g.id"), groupName: row("g.name"),
            brand: row("b.id"), brandName: row("b.name"))
    }

    static let joins: SQL = """
        JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
        JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
        """

    private static func conditions(_ filter: AccountFilter) -> SQL {
        var sql: SQL = ""
        if let brand = filter.brand { sql += " AND g.brand_id = \(brand)" }
        if let group = filter.group { sql += " AND a.group_id = \(group)" }
        if let platform = filter.platform { sql += " AND a.platform = \(platform)" }
        if let status = filter.status { sql += " AND a.status = \(status)" }
        if let text = filter.text {
            let (handle, name) = (
                Search.condition(handle: "a.handle", holds: text), Search.condition("a.display_name", holds: text)
            )
            sql += " AND (\(handle) OR \(name))"
        }
        return sql
    }

    /// The sort key, never NULL: accounts without a measurement or a post come last.
    private static func key(_ sort: AccountSort) -> Columns<Position.Key> {
        switch sort {
        case .handle: handleKey
        case .followers: followersKey
        case .lastPostAt: lastPostKey
        case .createdAt: createdKey
        }
    }

    private static let handleKey = Position.textKey("a.handle_key", of: "client_accounts")
    private static let followersKey = Position.integerKey("a.followers_key", of: "client_accounts")
    private static let lastPostKey = Position.timeKey("a.last_post_key", of: "client_accounts")
    private static let createdKey = Position.timeKey("a.created_at", of: "client_accounts")

    private static func after(_ slice: Slice, _ sort: AccountSort, _ descending: Bool) -> SQL {
        guard let position = slice.position else { return "" }
        let comparison = slice.comparison(descending: descending)
        switch sort {
        case .handle: return " AND (a.handle_key, a.id) \(comparison) (\(position.text), \(position.id))"
        case .followers: return " AND (a.followers_key, a.id) \(comparison) (\(position.integer), \(position.id))"
        case .lastPostAt: return " AND (a.last_post_key, a.id) \(comparison) (\(time(position)), \(position.id))"
        case .createdAt: return " AND (a.created_at, a.id) \(comparison) (\(time(position)), \(position.id))"
        }
    }

    /// In PostgreSQL's epoch, where `-infinity` is the smallest number.
    private static func time(_ position: Position) -> Timestamp {
        Timestamp(microseconds: position.integer &+ Rows.epochOffset)
    }

    private static func order(_ sort: AccountSort, _ direction: SQL) -> SQL {
        switch sort {
        case .handle: "ORDER BY a.handle_key \(direction), a.id \(direction)"
        case .followers: "ORDER BY a.followers_key \(direction), a.id \(direction)"
        case .lastPostAt: "ORDER BY a.last_post_key \(direction), a.id \(direction)"
        case .createdAt: "ORDER BY a.created_at \(direction), a.id \(direction)"
        }
    }
}
