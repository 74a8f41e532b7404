package import Domain
internal import Formats

/// The table `guild_settings`: the settings of a guild.
extension Guilds {
    /// The change of the webhook.
    package enum WebhookChange: Sendable {
        case keep
        case set([UInt8]?)
    }

    static let settingsColumns = Columns("guild_settings") { row throws(DatabaseFailure) in
        let (values, sealedWebhook) = try SettingColumns.read(row)
        return try StoredSettings(
            values: values, sealedWebhook: sealedWebhook, version: row("s.version"), updatedAt: row("s.updated_at"))
    }

    /// Nil if the guild was deleted meanwhile.
    package static let settings = Query<StoredSettings?> { access in
        "SELECT \(settingsColumns) FROM guild_settings s WHERE s.client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        try settingsColumns.first(rows)
    }

    /// Replaces the settings if they are still at `version`, and writes an audit entry with `changes` (JSON).
    ///
    /// - Returns: true if the version still matched.
    /// - Throws: `DatabaseFailure`; refused with 22023 if PostgreSQL does not know the time zone.
    package static func replace(
        version: Int64, by new: ServerSettings, webhook: WebhookChange, changes: String, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> Bool {
        try await database.rows(
            """
            WITH changed AS (
                UPDATE guild_settings
                   SET version = version + 1, updated_at = now()\(SettingColumns.assignments(new, webhook: ciphertext(webhook)))
                 WHERE client_id = \(access.client) AND version = \(version)
                   AND now() AT TIME ZONE \(new.timezone.description) IS NOT NULL
                RETURNING client_id
            )
            SELECT dashboard.append_audit(client_id, 'user', \(access.user), \(AuditAction.settingsUpdated.words),
                                          \(access.guild)::text, \(changes)::jsonb, \(origin.source),
                                          \(origin.address)::inet)
              FROM changed
            """, in: access
        ).count > 0
    }

    private static func ciphertext(_ webhook: WebhookChange) -> SQL {
        switch webhook {
        case .keep: "alert_webhook_ciphertext"
        case .set(let sealed): "\(sealed)"
        }
    }
}
