package import Domain
internal import Formats

/// The table `api_keys` for the admins of a guild: its own keys.
package enum APIKeys {
    /// The public id of a new key, and its encrypted secret.
    package struct Credentials: Sendable {
        package let publicID: String
        package let sealed: [UInt8]

        package init(publicID: String, sealed: [UInt8]) {
            self.publicID = publicID
            self.sealed = sealed
        }
    }

    /// Maximum active keys of a guild, not counting rotated ones; as many rotated ones may still be valid.
    package static let limit = 20

    static let columns = Columns("api_keys") { row throws(DatabaseFailure) in
        try APIKey(
            id: row("id"), name: row("name"), publicID: row("public_id"), scopes: row("scopes"),
            created: row("created_at"), lastUsed: row("last_used_at"), expires: row("expires_at"))
    }

    private static let isLive: SQL = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"

    /// The active keys, newest first.
    package static let list = Query<[APIKey]> { access in
        "SELECT \(columns) FROM api_keys WHERE client_id = \(access.client) AND \(isLive) ORDER BY id DESC"
    } value: { rows throws(DatabaseFailure) in
        try columns.all(rows)
    }

    /// One active key.
    package static func one(_ id: APIKeyID) -> Query<APIKey?> {
        Query { access in
            "SELECT \(columns) FROM api_keys WHERE client_id = \(access.client) AND id = \(id) AND \(isLive)"
        } value: { rows throws(DatabaseFailure) in
            try columns.first(rows)
        }
    }

    /// - Throws: `conflict` if there are too many keys, or one with this public id; `DatabaseFailure`.
    package static func create(
        _ draft: APIKeyDraft, _ credentials: Credentials, from origin: AuditOrigin, in access: GuildAccess,
        _ database: Database
    ) async throws -> APIKey {
        let made: APIKey?
        do throws(DatabaseFailure) {
            let answers = try await database.rows(
                [oneByOne(access), creation(draft, credentials, origin, access)], in: access)
            made = try columns.first(answers[1])
        } catch {
            throw error.meaning(["api_keys_public_id_unique": sentBefore])
        }
        guard let made else { throw Rejection.conflict("A server has at most \(limit) keys at a time.") }
        return made
    }

    private static let sentBefore = Rejection.conflict(
        """
        This was sent before, and its key was made then. Its secret was shown only that once: if nobody copied it, replace \
        the key. If it is not in the list, it was revoked since: load the page anew to make another.
        """)

    /// Serialises the creation of a guild's keys: concurrent transactions would not count each other's keys.
    private static func oneByOne(_ access: GuildAccess) -> SQL {
        "SELECT pg_advisory_xact_lock(hashtextextended('dashboard.api_keys', \(access.client)))"
    }

    private static func creation(
        _ draft: APIKeyDraft, _ credentials: Credentials, _ origin: AuditOrigin, _ access: GuildAccess
    ) -> SQL {
        """
        WITH made AS (
            INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes, created_by)
            SELECT \(access.client), \(draft.name), \(credentials.publicID), \(credentials.sealed),
                   \(draft.scopes.map(\.rawValue)), \(access.user)
             WHERE (SELECT count(*) FROM api_keys WHERE client_id = \(access.client) AND \(isLive)
                       AND expires_at IS NULL) < \(limit)
            RETURNING \(columns)
        )
        SELECT \(columns),
               \(audit(.apiKeyCreated, "jsonb_build_object('name', name, 'scopes', scopes)", origin, access))
          FROM made
        """
    }

    /// Creates a key with the same name and scopes; the old one stays valid for the overlap.
    ///
    /// - Returns: nil if there is no such active key.
    /// - Throws: `conflict` if it was rotated before, or too many rotated keys are still valid; `DatabaseFailure`.
    package static func rotate(
        _ id: APIKeyID, to credentials: Credentials, overlapHours: Int64, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws -> APIKey? {
        let ending: SQL = "client_id = \(access.client) AND revoked_at IS NULL AND expires_at > now()"
        let answers = try await database.rows(
            [
                oneByOne(access), rotation(id, credentials, overlapHours, unless: ending, origin, access),
                // After the update, because another admin may have rotated it first.
                "SELECT id FROM api_keys WHERE \(ending)",
            ], in: access)
        if let made = try columns.first(answers[1]) { return made }
        let replaced = try answers[2].each("id", of: "api_keys", as: APIKeyID.self)
        if replaced.contains(id) { throw replacedBefore }
        if replaced.count >= limit {
            throw Rejection.conflict("\(limit) keys that were replaced still work. Revoke those that nobody uses.")
        }
        return nil
    }

    private static let replacedBefore = Rejection.conflict(
        """
        This key was replaced before, and works until it ends. The new secret was shown only that once; if nobody copied \
        it, replace the new key.
        """)

    private static func rotation(
        _ id: APIKeyID, _ credentials: Credentials, _ overlapHours: Int64, unless ending: SQL, _ origin: AuditOrigin,
        _ access: GuildAccess
    ) -> SQL {
        """
        WITH replaced AS (
            UPDATE api_keys SET expires_at = now() + \(overlapHours) * interval '1 hour'
             WHERE client_id = \(access.client) AND id = \(id) AND revoked_at IS NULL AND expires_at IS NULL
               AND (SELECT count(*) FROM api_keys WHERE \(ending)) < \(limit)
            RETURNING id AS old_id, client_id, name AS old_name, scopes AS old_scopes, expires_at AS old_end
        ), made AS (
            INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes, created_by)
            SELECT client_id, old_name, \(credentials.publicID), \(credentials.sealed), old_scopes, \(access.user)
              FROM replaced
            RETURNING \(columns)
        )
        SELECT \(columns),
               dashboard.append_audit(
                   \(access.client), 'user', \(access.user), \(AuditAction.apiKeyRotated.words), made.id::text,
                   jsonb_build_object('name', made.name, 'replaces', old_id::text, 'oldKeyEndsAt', old_end),
                   \(origin.source), \(origin.address)::inet)
          FROM made CROSS JOIN replaced
        """
    }

    /// - Returns: false if there is no such active key.
    package static func revoke(
        _ id: APIKeyID, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> Bool {
        try await database.rows(
            """
            WITH ended AS (
                UPDATE api_keys SET revoked_at = now()
                 WHERE client_id = \(access.client) AND id = \(id) AND \(isLive)
                RETURNING id, name
            )
            SELECT \(audit(.apiKeyRevoked, "jsonb_build_object('name', name)", origin, access)) FROM ended
            """, in: access
        ).count > 0
    }

    private static func audit(_ action: AuditAction, _ changes: SQL, _ origin: AuditOrigin, _ access: GuildAccess)
        -> SQL
    {
        """
        dashboard.append_audit(\(access.client), 'user', \(access.user), \(action.words), id::text, \(changes),
                               \(origin.source), \(origin.address)::inet)
        """
    }
}
