package import Domain

/// The table `posts`: what the tracked accounts posted, with the latest numbers.
package enum Posts {
    package struct Filter: Sendable, Equatable {
        package var account: ClientAccountID?
        package var brand: BrandID?
        package var group: AccountGroupID?
        package var platform: Platform?
        /// Days in the guild's time zone, both included.
        package var from: CalendarDay?
        package var to: CalendarDay?
        package var minViews: Int?
        /// Part of a caption or handle, upper and lower case alike.
        package var text: String?
        package init() {}
    }

    package enum Sort: String, CaseIterable, Sendable {
        case postedAt, views
    }

    /// Where a page ends: the sort key (microseconds or views) and the id of its last row.
    package struct Position: Sendable, Equatable {
        package let key: Int64
        package let id: PostID

        package init(key: Int64, id: PostID) {
            self.key = key
            self.id = id
        }
    }

    /// The newest, or most viewed, first.
    package static func page(
        _ filter: Filter, by sort: Sort, after position: Position?, size: PageSize, in access: GuildAccess,
        _ database: Database
    ) async throws(DatabaseFailure) -> Page {
        let rows = try await database.rows(
            """
            SELECT p.id, p.platform, p.url, p.caption, p.posted_at, p.views, p.likes, p.comments, p.shares,
                   p.measured_at, a.id, a.handle, a.display_name, g.id, g.name, b.id, b.name
              FROM posts p
              JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
              JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
              JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
             WHERE p.client_id = \(access.client)\(conditions(filter, access))\(after(position, sort))
             \(order(sort)) \(size.limit)
            """, in: access)
        return Page(rows: rows)
    }

    private static func conditions(_ filter: Filter, _ access: GuildAccess) -> SQL {
        var sql: SQL = ""
        if let account = filter.account { sql += " AND p.account_id = \(account)" }
        if let brand = filter.brand { sql += " AND g.brand_id = \(brand)" }
        if let group = filter.group { sql += " AND a.group_id = \(group)" }
        if let platform = filter.platform { sql += " AND p.platform = \(platform)" }
        if let from = filter.from { sql += " AND p.posted_at >= \(GuildTime.start(of: from, in: access))" }
        if let to = filter.to { sql += " AND p.posted_at < \(GuildTime.start(of: to.adding(days: 1), in: access))" }
        if let least = filter.minViews { sql += " AND p.views >= \(least)" }
        if let text = filter.text {
            sql += " AND (p.caption ILIKE \(Like.containing(text)) OR a.handle ILIKE \(Like.containing(text)))"
        }
        return sql
    }

    private static func after(_ position: Position?, _ sort: Sort) -> SQL {
        guard let position else { return "" }
        switch sort {
        case .postedAt:
            let time = Timestamp(microseconds: position.key)
            return " AND (p.posted_at, p.id) < (\(time), \(position.id.number))"
        case .views: return " AND (p.views, p.id) < (\(position.key), \(position.id.number))"
        }
    }

    private static func order(_ sort: Sort) -> SQL {
        switch sort {
        case .postedAt: "ORDER BY p.posted_at DESC, p.id DESC"
        case .views: "ORDER BY p.views DESC, p.id DESC"
        }
    }

    /// Posts as they came from the database: their texts are read where they lie.
    package struct Page: Sendable {
        fileprivate let rows: Rows
        package var count: Int { rows.count }
        package subscript(index: Int) -> Post { Post(row: rows[index]) }
    }

    package struct Post {
        fileprivate let row: Row

        package var id: PostID { row.id(0) }
        package var platform: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 1) } }
        package var url: Span<UInt8>? {
            @_lifetime(borrow self) get { row.isNull(2) ? nil : row.rows.bytes(row.index, 2) }
        }
        package var caption: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 3) } }
        package var postedAt: Timestamp { row.timestamp(4) }
        package var views: Int64 { row.integer(5) }
        package var likes: Int64 { row.integer(6) }
        package var comments: Int64 { row.integer(7) }
        package var shares: Int64 { row.integer(8) }
        package var measuredAt: Timestamp? { row.optionalTimestamp(9) }
        package var account: ClientAccountID { row.id(10) }
        package var handle: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 11) } }
        package var displayName: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 12) } }
        package var group: AccountGroupID { row.id(13) }
        package var groupName: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 14) } }
        package var brand: BrandID { row.id(15) }
        package var brandName: Span<UInt8> { @_lifetime(borrow self) get { row.rows.bytes(row.index, 16) } }

        package func position(_ sort: Sort) -> Position {
            Position(key: sort == .views ? views : postedAt.microseconds, id: id)
        }
    }
}
