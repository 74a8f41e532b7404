package import Domain
package import Formats

/// The table `posts`: the posts of tracked accounts, with their latest numbers.
package enum Posts {
    /// The newest or the most viewed first; `reversed` turns this around.
    package static func page(
        _ filter: PostFilter, by sort: PostSort, reversed: Bool = false, _ slice: Slice
    ) -> Query<Page> {
        Query { access in
            """
            SELECT \(columns) FROM posts p \(joins)
             WHERE p.client_id = \(access.client)\(conditions(filter, access))\(after(slice, sort, descending: !reversed))
             \(order(sort, slice.direction(descending: !reversed))) \(slice.rowLimit)
            """
        } value: { rows throws(DatabaseFailure) in
            try Page(rows, slice, sort: sort)
        }.slow(if: filter.isSearch)
    }

    /// The most viewed posts of the last 24 hours, at most five.
    ///
    /// `OFFSET 0` prevents the planner from walking all posts by views.
    package static let top = Query<Page> { access in
        """
        SELECT \(columns)
          FROM (SELECT * FROM posts WHERE client_id = \(access.client) AND posted_at > now() - interval '24 hours'
                 OFFSET 0) p \(joins)
         ORDER BY p.views DESC, p.id DESC LIMIT 5
        """
    } value: { rows throws(DatabaseFailure) in
        try Page(rows, Slice(5), sort: .views)
    }

    private static let columns = ColumnPlaces("posts") { column in
        Places(
            id: column("p.id"), platform: column("p.platform"), url: column("p.url"), caption: column("p.caption"),
            postedAt: column("p.posted_at"), views: column("p.views"), likes: column("p.likes"),
            comments: column("p.comments"), shares: column("p.shares"), measuredAt: column("p.measured_at"),
            account: column("a.id"), handle: column("a.handle"), displayName: column("a.display_name"),
            group: column("g.id"), groupName: column("g.name"), brand: column("b.id"), brandName: column("b.name"))
    }

    fileprivate struct Places: Sendable {
        let id: Place<PostID>
        let platform: Place<String>
        let url: Place<String?>
        let caption: Place<String>
        let postedAt: Place<Timestamp>
        let views: Place<Int64>
        let likes: Place<Int64>
        let comments: Place<Int64>
        let shares: Place<Int64>
        let measuredAt: Place<Timestamp?>
        let account: Place<ClientAccountID>
        let handle: Place<String>
        let displayName: Place<String>
        let group: Place<AccountGroupID>
        let groupName: Place<String>
        let brand: Place<BrandID>
        let brandName: Place<String>
    }

    private static let joins: SQL = """
        JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
        JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
        JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
        """

    static func conditions(_ filter: PostFilter, _ access: GuildAccess) -> SQL {
        var sql: SQL = ""
        if let account = filter.account { sql += " AND p.account_id = \(account)" }
        if let brand = filter.brand { sql += " AND g.brand_id = \(brand)" }
        if let group = filter.group { sql += " AND a.group_id = \(group)" }
        if let platform = filter.platform { sql += " AND p.platform = \(platform)" }
        if let from = filter.from { sql += " AND p.posted_at >= \(GuildTime.start(of: from, in: access))" }
        if let to = filter.to { sql += " AND p.posted_at < \(GuildTime.start(of: to.adding(days: 1), in: access))" }
        if let least = filter.minViews {
            sql += " AND p.views_step >= views_step(\(least)) AND p.views >= \(least)"
        }
        if let text = filter.text {
            let (caption, handle) = (
                Search.condition("p.caption", holds: text), Search.condition(handle: "a.handle", holds: text)
            )
            sql += " AND (\(caption) OR \(handle))"
        }
        return sql
    }

    private static func after(_ slice: Slice, _ sort: PostSort, descending: Bool) -> SQL {
        guard let position = slice.position else { return "" }
        let comparison = slice.comparison(descending: descending)
        switch sort {
        case .postedAt:
            let time = Timestamp(microseconds: position.integer)
            return " AND (p.posted_at, p.id) \(comparison) (\(time), \(position.id))"
        case .views:
            let views = position.integer
            return """
                 AND p.views_step \(comparison)= views_step(\(views)) \
                AND (p.views, p.id) \(comparison) (\(views), \(position.id))
                """
        }
    }

    /// Orders by the indexed step of the views, then by views; the step never contradicts the views.
    private static func order(_ sort: PostSort, _ direction: SQL) -> SQL {
        switch sort {
        case .postedAt: "ORDER BY p.posted_at \(direction), p.id \(direction)"
        case .views: "ORDER BY p.views_step \(direction), p.views \(direction), p.id \(direction)"
        }
    }

    /// Posts as rows of the database result; their texts are not copied.
    package struct Page: Sendable {
        private let rows: CheckedRows
        private let slice: Slice
        package let ends: PageEnds
        /// A copy, because each access to a global variable costs a call of `swift_once`.
        private let at = columns.places

        fileprivate init(_ rows: Rows, _ slice: Slice, sort: PostSort) throws(DatabaseFailure) {
            let (rows, at) = (try columns.check(rows), at)
            self.rows = rows
            self.slice = slice
            ends = try PageEnds(slice, read: rows.count) { row throws(DatabaseFailure) in
                let post = Post(row: rows[row], at: at)
                return Position(
                    key: .integer(sort == .views ? post.views : post.postedAt.microseconds), id: post.id.number)
            }
        }

        package var count: Int { min(rows.count, slice.limit) }
        /// Rows of a page before a place are read in reverse.
        package subscript(index: Int) -> Post {
            Post(row: rows[slice.isBackward ? count - 1 - index : index], at: at)
        }

        /// The start of the next page; nil on the last page.
        package var next: Position? { ends.next }
    }

    package struct Post {
        fileprivate let row: CheckedRow
        fileprivate let at: Places

        package var id: PostID { row[at.id] }
        package var platform: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.platform) } }
        package var url: Span<UInt8>? { @_lifetime(borrow self) get { row.text(at.url) } }
        package var caption: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.caption) } }
        package var postedAt: Timestamp { row[at.postedAt] }
        package var views: Int64 { row[at.views] }
        package var likes: Int64 { row[at.likes] }
        package var comments: Int64 { row[at.comments] }
        package var shares: Int64 { row[at.shares] }
        /// Likes, comments and shares.
        package var interactions: Int64 { likes.saturatingAdd(comments).saturatingAdd(shares) }
        package var measuredAt: Timestamp? { row[at.measuredAt] }
        package var account: ClientAccountID { row[at.account] }
        package var handle: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.handle) } }
        package var displayName: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.displayName) } }
        package var group: AccountGroupID { row[at.group] }
        package var groupName: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.groupName) } }
        package var brand: BrandID { row[at.brand] }
        package var brandName: Span<UInt8> { @_lifetime(borrow self) get { row.text(at.brandName) } }
    }
}
