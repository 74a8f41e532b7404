package import Domain
internal import Formats

/// The table `brands`: the clients or product lines of a tenant.
package enum Brands {
    /// By name.
    package static func page(_ slice: Slice) -> Query<Page<Brand>> {
        Query { access in
            """
            SELECT \(columns), \(nameKey) \(source)
             WHERE b.client_id = \(access.client)\(after(slice))
             ORDER BY b.name_key \(slice.direction(descending: false)) \(slice.rowLimit)
            """
        } value: { rows throws(DatabaseFailure) in
            try Page(rows, slice, columns, key: nameKey, id: \.id)
        }
    }

    /// - Returns: nil if the tenant has no such brand.
    package static func one(_ id: BrandID) -> Query<Brand?> {
        Query { access in
            "SELECT \(columns) \(source) WHERE b.client_id = \(access.client) AND b.id = \(id)"
        } value: { rows throws(DatabaseFailure) in
            try columns.first(rows)
        }
    }

    private static let columns = Columns("brands") { row throws(DatabaseFailure) in
        try Brand(
            id: row("b.id"), name: row("b.name"), createdAt: row("b.created_at"), version: row("b.version"),
            groupCount: row("counted.groups"), accountCount: row("counted.accounts"), postCount: row("counted.posts"))
    }

    private static let nameKey = Position.textKey("b.name_key", of: "brands")

    private static let source: SQL = """
          FROM brands b
         CROSS JOIN LATERAL (
            SELECT count(DISTINCT g.id) AS groups, count(a.id) AS accounts,
                   saturated(coalesce(sum(a.post_count), 0)) AS posts
              FROM account_groups g
              LEFT JOIN client_accounts a ON a.client_id = g.client_id AND a.group_id = g.id
             WHERE g.client_id = b.client_id AND g.brand_id = b.id
         ) counted
        """

    /// The groups of the brands on that page, by name within their brand.
    package static func groups(ofPage slice: Slice) -> Query<[BrandID: [AccountGroup]]> {
        Query { access in
            """
            SELECT \(AccountGroups.columns)
              FROM (SELECT b.client_id, b.id, b.name, b.name_key FROM brands b
                     WHERE b.client_id = \(access.client)\(after(slice))
                     ORDER BY b.name_key \(slice.direction(descending: false)) \(slice.rowLimit)) b
              JOIN account_groups g ON g.client_id = b.client_id AND g.brand_id = b.id
             CROSS JOIN LATERAL \(AccountGroups.counted)
             ORDER BY b.name_key, g.name_key
            """
        } value: { rows throws(DatabaseFailure) in
            Dictionary(grouping: try AccountGroups.columns.all(rows), by: \.brand)
        }
    }

    /// Names are unique in a client, so the name alone is the position.
    private static func after(_ slice: Slice) -> SQL {
        slice.position.map { " AND b.name_key \(slice.comparison(descending: false)) \($0.text)" } ?? ""
    }
}
