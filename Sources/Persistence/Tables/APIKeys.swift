package import Domain

/// The table `api_keys`, as the admins of a guild see it: their own keys.
package enum APIKeys {
    package struct Entry: Sendable, Equatable {
        package let id: APIKeyID
        package let name: String
        package let publicID: String
        package let scopes: [APIScope]
        package let created: Timestamp
        /// At most a minute behind.
        package let lastUsed: Timestamp?
        /// When it ends since another took its place.
        package let expires: Timestamp?
    }

    package struct Draft: Sendable, Equatable {
        package let name: String
        package let scopes: [APIScope]

        package init(name: String, scopes: [APIScope]) {
            self.name = name
            self.scopes = scopes
        }
    }

    /// What a new key is known by, and its secret, sealed.
    package struct Credentials: Sendable {
        package let publicID: String
        package let sealed: [UInt8]

        package init(publicID: String, sealed: [UInt8]) {
            self.publicID = publicID
            self.sealed = sealed
        }
    }

    /// Keys of one guild at the same time, those aside that have been replaced; of these there may be as many.
    package static let limit = 20

    static let columns = Columns("api_keys") { row throws(DatabaseFailure) in
        try Entry(
            id: row("id"), name: row("name"), publicID: row("public_id"), scopes: row("scopes"),
            created: row("created_at"), lastUsed: row("last_used_at"), expires: row("expires_at"))
    }

    private static let isLive: SQL = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())"

    /// Those that work, the newest first.
    package static let list = Query<[Entry]> { access in
        "SELECT \(columns) FROM api_keys WHERE client_id = \(access.client) AND \(isLive) ORDER BY id DESC"
    } value: { rows throws(DatabaseFailure) in
        try columns.all(rows)
    }

    /// One that works.
    package static func one(_ id: APIKeyID) -> Query<Entry?> {
        Query { access in
            "SELECT \(columns) FROM api_keys WHERE client_id = \(access.client) AND id = \(id) AND \(isLive)"
        } value: { rows throws(DatabaseFailure) in
            try columns.first(rows)
        }
    }

    /// - Throws: `conflict` where there are too many, or one with that public id; `DatabaseFailure`.
    package static func create(
        _ draft: Draft, _ credentials: Credentials, from origin: AuditOrigin, in access: GuildAccess,
        _ database: Database
    ) async throws -> Entry {
        let made: Entry?
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

    /// Those who make keys of one guild at once would each count without the other's.
    private static func oneByOne(_ access: GuildAccess) -> SQL {
        "SELECT pg_advisory_xact_lock(hashtextextended('dashboard.api_keys', \(access.client)))"
    }

    private static func creation(
        _ draft: Draft, _ credentials: Credentials, _ origin: AuditOrigin, _ access: GuildAccess
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
               \(audit("api_key.created", "jsonb_build_object('name', name, 'scopes', scopes)", origin, access))
          FROM made
        """
    }

    /// Makes a key with the same name and scopes; the old one works for the overlap, and then no more.
    ///
    /// - Returns: nil where there is no such key that works.
    /// - Throws: `conflict` where it was replaced before, or too many replaced ones still work; `DatabaseFailure`.
    package static func rotate(
        _ id: APIKeyID, to credentials: Credentials, overlapHours: Int64, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws -> Entry? {
        let ending: SQL = "client_id = \(access.client) AND revoked_at IS NULL AND expires_at > now()"
        let answers = try await database.rows(
            [
                oneByOne(access), rotation(id, credentials, overlapHours, unless: ending, origin, access),
                // Only now: somebody may have been faster.
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
                   \(access.client), 'user', \(access.user), 'api_key.rotated', 'api_key', made.id::text,
                   jsonb_build_object('name', made.name, 'replaces', old_id::text, 'oldKeyEndsAt', old_end),
                   \(origin.source), \(origin.address)::inet)
          FROM made CROSS JOIN replaced
        """
    }

    /// - Returns: false where there is no such key that works.
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
            SELECT \(audit("api_key.revoked", "jsonb_build_object('name', name)", origin, access)) FROM ended
            """, in: access
        ).count > 0
    }

    private static func audit(_ action: String, _ changes: SQL, _ origin: AuditOrigin, _ access: GuildAccess) -> SQL {
        """
        dashboard.append_audit(\(access.client), 'user', \(access.user), \(action), 'api_key', id::text, \(changes),
                               \(origin.source), \(origin.address)::inet)
        """
    }
}
