package import Domain
internal import Formats

/// Changes of account groups by people; each change writes one audit entry.
extension AccountGroups {
    /// - Throws: `duplicate` if another group of the brand has the name, `invalid` for an unknown brand;
    ///   `DatabaseFailure`.
    package static func add(
        _ draft: AccountGroupDraft, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws -> AccountGroupID {
        let changes = AuditChanges.between(AuditChanges.nothing, fields("added"))
        return try await database.add(
            """
            WITH added AS (
                INSERT INTO account_groups (client_id, brand_id, name)
                VALUES (\(access.client), \(draft.brand), \(draft.name)) RETURNING id, brand_id, name
            )
            SELECT id, \(origin.entry(.groupCreated, "id", changes, in: access)) FROM added
            """, holding: Brands.hold(draft.brand, access), meanings, in: access)
    }

    /// Renames a group, or moves it to another brand with its accounts.
    ///
    /// - Throws: `notFound`, `outdated`, and the errors of `add`.
    package static func change(
        _ id: AccountGroupID, _ versions: Versions, _ change: AccountGroupChange, from origin: AuditOrigin,
        in access: GuildAccess,
        _ database: Database
    ) async throws {
        let wanted: SQL = "(coalesce(\(change.name), old.name), coalesce(\(change.brand), old.brand_id))"
        let update: SQL = """
            WITH changed AS (
                UPDATE account_groups g SET (name, brand_id) = \(wanted), updated_at = now(), version = g.version + 1
                  FROM account_groups old
                 WHERE g.client_id = \(access.client) AND g.id = \(id)
                   AND old.client_id = g.client_id AND old.id = g.id AND (g.name, g.brand_id) <> \(wanted)
                   AND \(versions.condition("g.version"))
                RETURNING g.id, \(AuditChanges.between(fields("old"), fields("g"))) AS changes
            )
            SELECT \(origin.entry(.groupUpdated, "id", "changes", in: access)) FROM changed
            """
        let lock: SQL =
            "SELECT version FROM account_groups WHERE client_id = \(access.client) AND id = \(id) FOR UPDATE"
        let brand = change.brand.map { Brands.hold($0, access) }
        try await database.change(lock, holding: brand, update, from: versions, meanings, in: access)
    }

    /// Locks a group against deletion while an account is added to it.
    static func hold(_ id: AccountGroupID, _ access: GuildAccess) -> SQL {
        "SELECT FROM account_groups WHERE client_id = \(access.client) AND id = \(id) FOR KEY SHARE"
    }

    private static func fields(_ row: SQL) -> SQL {
        "jsonb_build_object('name', \(row).name, 'brandId', \(row).brand_id::text)"
    }

    private static let meanings: [String: Rejection] = [
        "account_groups_name_unique": .duplicate(.init("/name", "is taken by another group of that brand.")),
        "account_groups_brand": .invalid([.init("/brandId", "is not a brand of this server.")]),
    ]
}
