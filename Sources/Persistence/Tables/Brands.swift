package import Domain
package import Formats

/// The table `brands`: the clients or product lines of a tenant.
package enum Brands {
    package struct Brand: Sendable, Equatable {
        package let id: BrandID
        package let name: String
        package let createdAt: Timestamp
        package let version: Int64
        package let groupCount: Int
        package let accountCount: Int
        package let postCount: Int
    }

    /// By name.
    package static func page(_ slice: Slice) -> Query<Page<Brand>> {
        Query { access in
            "\(columns) WHERE b.client_id = \(access.client)\(after(slice)) ORDER BY b.name_key \(slice.rowLimit)"
        } value: { rows in
            Page(rows, slice, item: brand) { Position(key: .text($0.text(7)), id: $0.integer(0)) }
        }
    }

    /// - Returns: nil if the tenant has no such brand.
    package static func one(_ id: BrandID) -> Query<Brand?> {
        Query { access in
            "\(columns) WHERE b.client_id = \(access.client) AND b.id = \(id)"
        } value: { rows in
            rows.first.map(brand)
        }
    }

    private static let columns: SQL = """
        SELECT b.id, b.name, b.created_at, b.version, counted.groups, counted.accounts, counted.posts, b.name_key
          FROM brands b
         CROSS JOIN LATERAL (
            SELECT count(DISTINCT g.id) AS groups, count(a.id) AS accounts,
                   saturated(coalesce(sum(a.post_count), 0)) AS posts
              FROM account_groups g
              LEFT JOIN client_accounts a ON a.client_id = g.client_id AND a.group_id = g.id
             WHERE g.client_id = b.client_id AND g.brand_id = b.id
         ) counted
        """

    private static func brand(_ row: Row) -> Brand {
        Brand(
            id: row.id(0), name: row.text(1), createdAt: row.timestamp(2), version: row.integer(3),
            groupCount: row.int(4), accountCount: row.int(5), postCount: row.int(6))
    }

    /// The groups of the brands on that page, by name within their brand.
    package static func groups(ofPage slice: Slice) -> Query<[BrandID: [AccountGroups.Group]]> {
        Query { access in
            """
            SELECT \(AccountGroups.columns)
              FROM (SELECT b.client_id, b.id, b.name, b.name_key FROM brands b
                     WHERE b.client_id = \(access.client)\(after(slice)) ORDER BY b.name_key \(slice.rowLimit)) b
              JOIN account_groups g ON g.client_id = b.client_id AND g.brand_id = b.id
             CROSS JOIN LATERAL \(AccountGroups.counted)
             ORDER BY b.name_key, g.name_key
            """
        } value: { rows in
            Dictionary(grouping: rows.map(AccountGroups.group), by: \.brand)
        }
    }

    /// Names are unique in a client, so the name alone is the position.
    private static func after(_ slice: Slice) -> SQL {
        slice.position.map { " AND b.name_key > \($0.text)" } ?? ""
    }
}
