package import Domain

/// The table `api_keys`, as the operator sees it from the command line: the keys of the installation, and of all guilds.
package struct InstallationKeys {
    package struct Entry: Sendable {
        package let key: APIKeys.Entry
        /// Nil for the installation's own.
        package let guild: GuildID?
    }

    private let connection: BlockingConnection

    /// The connection is the owner's: it looks across tenants from here on.
    ///
    /// - Throws: `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws(DatabaseFailure) {
        self.connection = connection
        try connection.script("SET app.scope = 'all'")
    }

    /// Those that work, the oldest first.
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

    /// Makes a key of a guild, or of the installation where the guild is nil; nil for one that is not registered.
    package func create(
        _ draft: APIKeys.Draft, for guild: GuildID?, _ credentials: APIKeys.Credentials
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
            SELECT id, \(audit("api_key.created", "jsonb_build_object('name', name, 'scopes', scopes)")) FROM made
            """
        ).first("id", of: "api_keys")
    }

    /// Puts a new key in the place of one, which works on for the overlap.
    ///
    /// - Returns: nil where there is no such key that works and was not replaced before.
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
            SELECT id, \(audit("api_key.rotated", "jsonb_build_object('name', name, 'replaces', \(id)::text)")) FROM made
            """
        ).first("id", of: "api_keys")
    }

    /// - Returns: false where there is no such key that works.
    package func revoke(_ id: APIKeyID) throws(DatabaseFailure) -> Bool {
        try connection.rows(
            """
            WITH ended AS (
                UPDATE api_keys SET revoked_at = now()
                 WHERE id = \(id) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
                RETURNING id, client_id, name
            )
            SELECT \(audit("api_key.revoked", "jsonb_build_object('name', name)")) FROM ended
            """
        ).count > 0
    }

    /// Chain 0 is the installation's.
    private func audit(_ action: String, _ changes: SQL) -> SQL {
        """
        dashboard.append_audit_at(NULL, coalesce(client_id, 0), 'system', NULL, \(action), 'api_key', id::text, \(changes),
                                  'command_line', NULL)
        """
    }
}
