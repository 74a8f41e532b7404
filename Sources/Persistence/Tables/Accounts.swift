package import Domain
package import Formats

/// The table `client_accounts`: the tracked social media accounts.
package enum Accounts {
    package struct Filter: Sendable, Equatable {
        package var brand: BrandID?
        package var group: AccountGroupID?
        package var platform: Platform?
        package var status: AccountStatus?
        /// Part of a handle or display name, case-insensitive.
        package var text: String?
        package init() {}
    }

    /// Handles ascending, the others descending.
    package enum Sort: String, CaseIterable, Sendable {
        case handle, followers, lastPostAt, createdAt
    }

    package struct Account: Sendable, Equatable {
        package let id: ClientAccountID
        package let platform: Platform
        package let handle: String
        package let displayName: String
        package let url: String?
        package let status: AccountStatus
        package let statusSince: Timestamp
        /// Nil if never measured.
        package let followers: Int64?
        /// Nil if no post is known.
        package let lastPostAt: Timestamp?
        package let postCount: Int
        package let createdAt: Timestamp
        package let version: Int64
        package let group: AccountGroupID
        package let groupName: String
        package let brand: BrandID
        package let brandName: String
    }

    package static func page(_ filter: Filter, by sort: Sort, _ slice: Slice) -> Query<Page<Account>> {
        Query { access in
            """
            SELECT \(columns), \(key(sort)) FROM client_accounts a \(joins)
             WHERE a.client_id = \(access.client)\(conditions(filter))\(after(slice.position, sort))
             \(order(sort)) \(slice.rowLimit)
            """
        } value: { rows in
            Page(rows, slice, item: account) { row in
                Position(key: sort == .handle ? .text(row.text(16)) : .integer(row.integer(16)), id: row.integer(0))
            }
        }.slow(if: filter.text != nil)
    }

    /// The number of accounts that match the filter.
    package static func count(_ filter: Filter) -> Query<RowCount> {
        Query { access in
            RowCount.statement(
                "FROM client_accounts a \(joins) WHERE a.client_id = \(access.client)\(conditions(filter))")
        } value: { rows in
            RowCount(rows[0].int(0))
        }.slow(if: filter.text != nil)
    }

    // MARK: Pieces of statements

    static let columns: SQL = """
        a.id, a.platform, a.handle, a.display_name, a.url, a.status, a.status_since, a.followers, a.last_post_at,
        a.post_count, a.created_at, a.version, g.id, g.name, b.id, b.name
        """

    static let joins: SQL = """
        JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
        JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
        """

    static func account(_ row: Row) -> Account {
        Account(
            id: row.id(0), platform: row.vocabulary(1, default: .x), handle: row.text(2), displayName: row.text(3),
            url: row.optionalText(4), status: row.vocabulary(5, default: .error), statusSince: row.timestamp(6),
            followers: row.optionalInteger(7), lastPostAt: row.optionalTimestamp(8), postCount: row.int(9),
            createdAt: row.timestamp(10), version: row.integer(11), group: row.id(12), groupName: row.text(13),
            brand: row.id(14), brandName: row.text(15))
    }

    private static func conditions(_ filter: Filter) -> SQL {
        var sql: SQL = ""
        if let brand = filter.brand { sql += " AND g.brand_id = \(brand)" }
        if let group = filter.group { sql += " AND a.group_id = \(group)" }
        if let platform = filter.platform { sql += " AND a.platform = \(platform)" }
        if let status = filter.status { sql += " AND a.status = \(status)" }
        if let text = filter.text {
            sql +=
                " AND (\(Like.condition("a.handle", holds: text)) OR \(Like.condition("a.display_name", holds: text)))"
        }
        return sql
    }

    /// The sort key, never NULL: accounts without a measurement or a post come last.
    private static func key(_ sort: Sort) -> SQL {
        switch sort {
        case .handle: "a.handle_key"
        case .followers: "a.followers_key"
        case .lastPostAt: "a.last_post_key"
        case .createdAt: "a.created_at"
        }
    }

    private static func after(_ position: Position?, _ sort: Sort) -> SQL {
        guard let position else { return "" }
        switch sort {
        case .handle: return " AND (a.handle_key, a.id) > (\(position.text), \(position.id))"
        case .followers: return " AND (a.followers_key, a.id) < (\(position.integer), \(position.id))"
        case .lastPostAt: return " AND (a.last_post_key, a.id) < (\(time(position)), \(position.id))"
        case .createdAt: return " AND (a.created_at, a.id) < (\(time(position)), \(position.id))"
        }
    }

    /// In PostgreSQL's epoch, where `-infinity` is the smallest number.
    private static func time(_ position: Position) -> Timestamp {
        Timestamp(microseconds: position.integer &+ Rows.epochOffset)
    }

    private static func order(_ sort: Sort) -> SQL {
        switch sort {
        case .handle: "ORDER BY a.handle_key, a.id"
        case .followers: "ORDER BY a.followers_key DESC, a.id DESC"
        case .lastPostAt: "ORDER BY a.last_post_key DESC, a.id DESC"
        case .createdAt: "ORDER BY a.created_at DESC, a.id DESC"
        }
    }
}
