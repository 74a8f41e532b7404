package import Domain
internal import Formats

/// Changes of brands by people; each change writes one audit entry.
extension Brands {
    /// - Throws: `duplicate` if another brand has the name; `DatabaseFailure`.
    package static func add(
        _ name: String, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws -> BrandID {
        let changes = AuditChanges.between(AuditChanges.nothing, fields("added"))
        return try await database.add(
            """
            WITH added AS (
                INSERT INTO brands (client_id, name) VALUES (\(access.client), \(name)) RETURNING id, name
            )
            SELECT id, \(origin.entry(.brandCreated, "id", changes, in: access)) FROM added
            """, meanings, in: access)
    }

    /// A nil name stays unchanged.
    ///
    /// - Throws: `notFound`, `outdated`, `duplicate` if another brand has the name; `DatabaseFailure`.
    package static func change(
        _ id: BrandID, _ versions: Versions, name: String?, from origin: AuditOrigin, in access: GuildAccess,
        _ database: Database
    ) async throws {
        let update: SQL = """
            WITH changed AS (
                UPDATE brands b SET name = \(name), updated_at = now(), version = b.version + 1
                  FROM brands old
                 WHERE b.client_id = \(access.client) AND b.id = \(id)
                   AND old.client_id = b.client_id AND old.id = b.id AND b.name <> \(name)
                   AND \(versions.condition("b.version"))
                RETURNING b.id, \(AuditChanges.between(fields("old"), fields("b"))) AS changes
            )
            SELECT \(origin.entry(.brandUpdated, "id", "changes", in: access)) FROM changed
            """
        // Locked first, so that the old values are those that the update replaces.
        let lock: SQL = "SELECT version FROM brands WHERE client_id = \(access.client) AND id = \(id) FOR UPDATE"
        try await database.change(lock, update, from: versions, meanings, in: access)
    }

    /// Locks a brand against deletion while a group is added to it.
    static func hold(_ id: BrandID, _ access: GuildAccess) -> SQL {
        "SELECT FROM brands WHERE client_id = \(access.client) AND id = \(id) FOR KEY SHARE"
    }

    /// The fields of a row in the audit log.
    private static func fields(_ row: SQL) -> SQL { "jsonb_build_object('name', \(row).name)" }

    private static let meanings: [String: Rejection] = [
        "brands_name_unique": .duplicate(.init("/name", "is taken by another brand."))
    ]
}
