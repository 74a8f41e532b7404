package import Domain
package import Formats

/// The table `account_groups`: the accounts of a brand, in groups.
package enum AccountGroups {
    package struct Group: Sendable, Equatable {
        package let id: AccountGroupID
        package let name: String
        package let brand: BrandID
        package let brandName: String
        package let createdAt: Timestamp
        package let version: Int64
        package let accountCount: Int
        package let postCount: Int
    }

    /// By name.
    package static func page(brand: BrandID? = nil, _ slice: Slice) -> Query<Page<Group>> {
        Query { access in
            var conditions: SQL = "g.client_id = \(access.client)"
            if let brand { conditions += " AND g.brand_id = \(brand)" }
            if let end = slice.position { conditions += " AND (g.name_key, g.id) > (\(end.text), \(end.id))" }
            return """
                SELECT \(columns) FROM account_groups g
                  JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
                 CROSS JOIN LATERAL \(counted)
                 WHERE \(conditions) ORDER BY g.name_key, g.id \(slice.rowLimit)
                """
        } value: { rows in
            Page(rows, slice, item: group) { Position(key: .text($0.text(8)), id: $0.integer(0)) }
        }
    }

    /// - Returns: nil if the tenant has no such group.
    package static func one(_ id: AccountGroupID) -> Query<Group?> {
        Query { access in
            """
            SELECT \(columns) FROM account_groups g
              JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
             CROSS JOIN LATERAL \(counted)
             WHERE g.client_id = \(access.client) AND g.id = \(id)
            """
        } value: { rows in
            rows.first.map(group)
        }
    }

    static let columns: SQL =
        "g.id, g.name, b.id, b.name, g.created_at, g.version, counted.accounts, counted.posts, g.name_key"

    static let counted: SQL = """
        (SELECT count(*) AS accounts, saturated(coalesce(sum(a.post_count), 0)) AS posts
           FROM client_accounts a WHERE a.client_id = g.client_id AND a.group_id = g.id) counted
        """

    static func group(_ row: Row) -> Group {
        Group(
            id: row.id(0), name: row.text(1), brand: row.id(2), brandName: row.text(3), createdAt: row.timestamp(4),
            version: row.integer(5), accountCount: row.int(6), postCount: row.int(7))
    }

    // MARK: For pages

    /// A group as an option of a form or filter.
    package struct Choice: Sendable, Equatable {
        package let brand: BrandID
        package let brandName: String
        /// Nil for a brand without groups.
        package let group: AccountGroupID?
        package let groupName: String?
    }

    /// All groups by brand and name, at most 500; a longer list is not useful for picking.
    package static let choices = Query<[Choice]> { access in
        """
        SELECT b.id, b.name, g.id, g.name FROM brands b
          LEFT JOIN account_groups g ON g.client_id = b.client_id AND g.brand_id = b.id
         WHERE b.client_id = \(access.client) ORDER BY b.name_key, g.name_key LIMIT 500
        """
    } value: { rows in
        rows.map { row in
            Choice(brand: row.id(0), brandName: row.text(1), group: row.optionalID(2), groupName: row.optionalText(3))
        }
    }

    /// A group without accounts.
    package struct Empty: Sendable, Equatable {
        package let id: AccountGroupID
        package let name: String
        package let brand: BrandID
        package let brandName: String
    }

    package static let empty = Query<Excerpt<Empty>> { access in
        """
        SELECT count(*) OVER (), g.id, g.name, b.id, b.name FROM account_groups g
          JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
         WHERE g.client_id = \(access.client) AND NOT EXISTS (
            SELECT FROM client_accounts a WHERE a.client_id = g.client_id AND a.group_id = g.id)
         ORDER BY g.name_key, g.id LIMIT 10
        """
    } value: { rows in
        Excerpt(rows) { Empty(id: $0.id(1), name: $0.text(2), brand: $0.id(3), brandName: $0.text(4)) }
    }
}
