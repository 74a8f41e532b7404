package import Domain

/// The table `guild_settings`: what a guild's admins decided.
extension Guilds {
    package struct Settings: Sendable, Equatable {
        /// Without the webhook, which is sealed: `.unreadable` where there is one.
        package let values: ServerSettings
        package let sealedWebhook: [UInt8]?
        package let version: Int64
        package let updatedAt: Timestamp
    }

    /// What becomes of the webhook.
    package enum WebhookChange: Sendable {
        case keep
        case set([UInt8]?)
    }

    static let settingsColumns = Columns("guild_settings") { row throws(DatabaseFailure) in
        let sealed: [UInt8]? = try row("s.alert_webhook_ciphertext")
        return try Settings(
            values: ServerSettings(
                trackingEnabled: row("s.tracking_enabled"), notificationsEnabled: row("s.notifications_enabled"),
                statusNotices: row("s.status_notices"),
                // The table takes names that are no files, such as `-/-`: PostgreSQL reckons by UTC then as well.
                timezone: TimeZoneName(row("s.timezone", as: String.self)) ?? .utc,
                currency: Currency(stored: row("s.currency")), alertWebhook: sealed == nil ? .none : .unreadable,
                memberAccess: row("s.member_access"), nearMissPercent: row("s.near_miss_percent"),
                checkIntervalMinutes: row("s.check_interval_minutes"), postRetentionDays: row("s.post_retention_days")),
            sealedWebhook: sealed, version: row("s.version"), updatedAt: row("s.updated_at"))
    }

    /// Nil where the guild has been deleted meanwhile.
    package static let settings = Query<Settings?> { access in
        "SELECT \(settingsColumns) FROM guild_settings s WHERE s.client_id = \(access.client)"
    } value: { rows throws(DatabaseFailure) in
        try settingsColumns.first(rows)
    }

    /// Puts others in the place of that version, with an entry of the audit log; `changes` is its JSON.
    ///
    /// - Returns: whether the version was still that one.
    /// - Throws: `DatabaseFailure`; refused with 22023 where PostgreSQL does not know the time zone, by which it reckons.
    package static func replace(
        version: Int64, by new: ServerSettings, webhook: WebhookChange, changes: String, from origin: AuditOrigin,
        in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> Bool {
        let timezone = new.timezone.description
        return try await database.rows(
            """
            WITH changed AS (
                UPDATE guild_settings SET
                    tracking_enabled = \(new.trackingEnabled), notifications_enabled = \(new.notificationsEnabled),
                    status_notices = \(new.statusNotices), timezone = \(timezone), currency = \(new.currency.code),
                    alert_webhook_ciphertext = \(ciphertext(webhook)), member_access = \(new.memberAccess),
                    near_miss_percent = \(new.nearMissPercent), check_interval_minutes = \(new.checkIntervalMinutes),
                    post_retention_days = \(new.postRetentionDays), version = version + 1, updated_at = now()
                 WHERE client_id = \(access.client) AND version = \(version)
                   AND now() AT TIME ZONE \(timezone) IS NOT NULL
                RETURNING client_id
            )
            SELECT dashboard.append_audit(client_id, 'user', \(access.user), 'settings.updated', 'settings',
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
