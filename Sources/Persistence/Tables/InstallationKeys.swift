package import Domain
internal import Formats

/// The table `api_keys` for the operator's commands: the keys of the installation, and of all guilds.
package struct InstallationKeys {
    package struct Entry: Sendable {
        package let key: APIKey
        /// Nil for the installation's keys.
        package let guild: GuildID?
    }

    private let connection: BlockingConnection

    /// The connection must be the owner's; from here on it reads across tenants.
    ///
    /// - Throws: `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws(DatabaseFailure) {
        self.connection = connection
        try connection.script("SET app.scope = 'all'")
    }

    /// The active keys, oldest first.
    package func list() throws(DatabaseFailure) -> [Entry] {
        let answer = try connection.rows(
            """
            SELECT \(Self.entryColumns)
              FROM api_keys LEFT JOIN (SELECT client_id AS owner, guild_id FROM guilds) known ON owner = client_id
             WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
             ORDER BY id
            """)
        return try Self.entryColumns.all(answer)
    }

    private static let entryColumns = Columns("api_keys") { row throws(DatabaseFailure) in
        try Entry(key: row(APIKeys.columns), guild: row("guild_id"))
    }

    /// Creates a key of a guild, or of the installation if `guild` is nil.
    ///
    /// Returns nil if the guild is not registered.
    package func create(
        _ draft: APIKeyDraft, for guild: GuildID?, _ credentials: APIKeys.Credentials
    ) throws(DatabaseFailure) -> APIKeyID? {
        try connection.rows(
            """
            WITH made AS (
                INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes)
                SELECT (SELECT client_id FROM guilds WHERE guild_id = \(guild)), \(draft.name),
                       \(credentials.publicID), \(credentials.sealed), \(draft.scopes.map(\.rawValue))
                 WHERE \(guild) IS NULL OR EXISTS (SELECT FROM guilds WHERE guild_id = \(guild))
                RETURNING id, client_id, name, scopes
            )
            SELECT id, \(audit(.apiKeyCreated, "jsonb_build_object('name', name, 'scopes', scopes)")) FROM made
            """
        ).first("id", of: "api_keys")
    }

    /// Rotates a key; the old one stays valid for the overlap.
    ///
    /// - Returns: nil if there is no such active key, or it was rotated before.
    package func rotate(
        _ id: APIKeyID, to credentials: APIKeys.Credentials, overlapHours: Int64
    ) throws(DatabaseFailure) -> APIKeyID? {
        try connection.rows(
            """
            WITH replaced AS (
                UPDATE api_keys SET expires_at = now() + \(overlapHours) * interval '1 hour'
                 WHERE id = \(id) AND revoked_at IS NULL AND expires_at IS NULL
                RETURNING client_id, name, scopes
            ), made AS (
                INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes)
                SELECT client_id, name, \(credentials.publicID), \(credentials.sealed), scopes FROM replaced
                RETURNING id, client_id, name
            )
            SELECT id, \(audit(.apiKeyRotated, "jsonb_build_object('name', name, 'replaces', \(id)::text)")) FROM made
            """
        ).first("id", of: "api_keys")
    }

    /// - Returns: false if there is no such active key.
    package func revoke(_ id: APIKeyID) throws(DatabaseFailure) -> Bool {
        try connection.rows(
            """
            WITH ended AS (
                UPDATE api_keys SET revoked_at = now()
                 WHERE id = \(id) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
                RETURNING id, client_id, name
            )
            SELECT \(audit(.apiKeyRevoked, "jsonb_build_object('name', name)")) FROM ended
            """
        ).count > 0
    }

    /// Chain 0 is the installation's.
    private func audit(_ action: AuditAction, _ changes: SQL) -> SQL {
        """
        dashboard.append_audit_at(NULL, coalesce(client_id, 0), 'system', NULL, \(action.words), id::text, \(changes),
                                  'command_line', NULL)
        """
    }
}
