package import Domain
internal import Formats

/// The table `account_groups`: the accounts of a brand, in groups.
package enum AccountGroups {
    /// By name.
    package static func page(brand: BrandID? = nil, _ slice: Slice) -> Query<Page<AccountGroup>> {
        Query { access in
            var conditions: SQL = "g.client_id = \(access.client)"
            if let brand { conditions += " AND g.brand_id = \(brand)" }
            if let end = slice.position { conditions += " AND (g.name_key, g.id) > (\(end.text), \(end.id))" }
            return """
                SELECT \(columns), \(nameKey) FROM account_groups g
                  JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
                 CROSS JOIN LATERAL \(counted)
                 WHERE \(conditions) ORDER BY g.name_key, g.id \(slice.rowLimit)
                """
        } value: { rows throws(DatabaseFailure) in
            try Page(rows, slice, columns, key: nameKey, id: \.id)
        }
    }

    /// - Returns: nil if the tenant has no such group.
    package static func one(_ id: AccountGroupID) -> Query<AccountGroup?> {
        Query { access in
            """
            SELECT \(columns) FROM account_groups g
              JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
             CROSS JOIN LATERAL \(counted)
             WHERE g.client_id = \(access.client) AND g.id = \(id)
            """
        } value: { rows throws(DatabaseFailure) in
            try columns.first(rows)
        }
    }

    static let columns = Columns("account_groups") { row throws(DatabaseFailure) in
        try AccountGroup(
            id: row("g.id"), name: row("g.name"), brand: row("b.id"), brandName: row("b.name"),
            createdAt: row("g.created_at"), version: row("g.version"), accountCount: row("counted.accounts"),
            postCount: row("counted.posts"))
    }

    private static let nameKey = Position.textKey("g.name_key", of: "account_groups")

    static let counted: SQL = """
        (SELECT count(*) AS accounts, saturated(coalesce(sum(a.post_count), 0)) AS posts
           FROM client_accounts a WHERE a.client_id = g.client_id AND a.group_id = g.id) counted
        """

    // MARK: For pages

    /// All groups by brand and name, at most 500; a longer list is not useful for picking.
    package static let choices = Query<[GroupChoice]> { access in
        """
        SELECT \(choiceColumns) FROM brands b
          LEFT JOIN account_groups g ON g.client_id = b.client_id AND g.brand_id = b.id
         WHERE b.client_id = \(access.client) ORDER BY b.name_key, g.name_key LIMIT 500
        """
    } value: { rows throws(DatabaseFailure) in
        try choiceColumns.all(rows)
    }

    private static let choiceColumns = Columns("brands") { row throws(DatabaseFailure) in
        try GroupChoice(brand: row("b.id"), brandName: row("b.name"), group: row("g.id"), groupName: row("g.name"))
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
        SELECT \(emptyColumns) FROM account_groups g
          JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
         WHERE g.client_id = \(access.client) AND NOT EXISTS (
            SELECT FROM client_accounts a WHERE a.client_id = g.client_id AND a.group_id = g.id)
         ORDER BY g.name_key, g.id LIMIT 10
        """
    } value: { rows throws(DatabaseFailure) in
        try Excerpt(rows, emptyColumns)
    }

    private static let emptyColumns = Excerpt.columns("account_groups") { row throws(DatabaseFailure) in
        try Empty(id: row("g.id"), name: row("g.name"), brand: row("b.id"), brandName: row("b.name"))
    }
}
