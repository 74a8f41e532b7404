package import Domain
internal import Formats

/// Changes of accounts by people; each change writes one audit entry.
///
/// Numbers, the platform's id and the statuses found by checks belong to the bot.
extension Accounts {
    /// - Returns: nil if the tenant has no such account.
    package static func one(_ id: ClientAccountID) -> Query<EditableAccount?> {
        Query { access in
            """
            SELECT \(editable)
              FROM client_accounts a \(joins) WHERE a.client_id = \(access.client) AND a.id = \(id)
            """
        } value: { rows throws(DatabaseFailure) in
            try editable.first(rows)
        }
    }

    private static let editable = Columns("client_accounts") { row throws(DatabaseFailure) in
        try EditableAccount(
            platform: row("a.platform"), handle: row("a.handle"), displayName: row("a.display_name"), url: row("a.url"),
            status: row("a.status"), notes: row("a.notes"), group: row("g.id"),
            groupText: row("b.name || ': ' || g.name"), version: row("a.version"))
    }

    /// - Returns: nil if the tenant has no such account.
    package static func platform(of id: ClientAccountID) -> Query<Platform?> {
        Query { access in
            "SELECT platform FROM client_accounts WHERE client_id = \(access.client) AND id = \(id)"
        } value: { rows throws(DatabaseFailure) in
            try rows.first("platform", of: "client_accounts")
        }
    }

    /// - Throws: `duplicate` if the handle is tracked already, `invalid` for an unknown group; `DatabaseFailure`.
    package static func add(
        _ draft: AccountDraft, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws -> ClientAccountID {
        let changes = AuditChanges.between(AuditChanges.nothing, fields("added"))
        return try await database.add(
            """
            WITH added AS (
                INSERT INTO client_accounts (client_id, group_id, platform, handle, display_name, url, status, notes)
                VALUES (\(access.client), \(draft.group), \(draft.platform), \(draft.handle), \(draft.displayName),
                        \(draft.url), \(draft.tracking.status), \(draft.notes))
                RETURNING id, group_id, platform, handle, display_name, url, status, notes
            )
            SELECT id, \(origin.entry(.accountCreated, "id", changes, in: access)) FROM added
            """, holding: AccountGroups.hold(draft.group, access), meanings, in: access)
    }

    /// Changes an account, or moves it to another group with its posts.
    ///
    /// - Throws: `notFound`, `outdated`, and the errors of `add`.
    package static func change(
        _ id: ClientAccountID, _ versions: Versions, _ change: AccountChange, from origin: AuditOrigin,
        in access: GuildAccess,
        _ database: Database
    ) async throws {
        let wanted = wanted(change)
        let update: SQL = """
            WITH changed AS (
                UPDATE client_accounts a
                   SET (group_id, handle, display_name, url, status, notes) = \(wanted),
                       updated_at = now(), version = a.version + 1
                  FROM client_accounts old
                 WHERE a.client_id = \(access.client) AND a.id = \(id)
                   AND old.client_id = a.client_id AND old.id = a.id
                   AND (a.group_id, a.handle, a.display_name, a.url, a.status, a.notes) IS DISTINCT FROM \(wanted)
                   AND \(versions.condition("a.version"))
                RETURNING a.id, \(AuditChanges.between(fields("old"), fields("a"))) AS changes
            )
            SELECT \(origin.entry(.accountUpdated, "id", "changes", in: access)) FROM changed
            """
        let lock: SQL =
            "SELECT version FROM client_accounts WHERE client_id = \(access.client) AND id = \(id) FOR UPDATE"
        let group = change.group.map { AccountGroups.hold($0, access) }
        try await database.change(lock, holding: group, update, from: versions, meanings, in: access)
    }

    private static func wanted(_ change: AccountChange) -> SQL {
        let url: SQL = change.url == .absent ? "old.url" : "\(change.url.value)"
        return """
            (coalesce(\(change.group), old.group_id), coalesce(\(change.handle), old.handle),
             coalesce(\(change.displayName), old.display_name), \(url),
             coalesce(\(change.tracking?.status), old.status), coalesce(\(change.notes), old.notes))
            """
    }

    /// The fields of a row in the audit log; empty texts count as missing.
    private static func fields(_ row: SQL) -> SQL {
        """
        jsonb_build_object('platform', \(row).platform, 'handle', \(row).handle, 'groupId', \(row).group_id::text,
                           'displayName', nullif(\(row).display_name, ''), 'url', \(row).url,
                           'status', \(row).status, 'notes', nullif(\(row).notes, ''))
        """
    }

    private static let meanings: [String: Rejection] = [
        "client_accounts_handle_unique": .duplicate(.init("/handle", "is tracked already on that platform.")),
        "client_accounts_group": .invalid([.init("/groupId", "is not a group of this server.")]),
    ]
}
