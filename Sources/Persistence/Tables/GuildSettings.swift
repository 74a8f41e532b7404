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

    static let settingsColumns: SQL = """
        s.tracking_enabled, s.notifications_enabled, s.status_notices, s.timezone, s.currency,
        s.alert_webhook_ciphertext, s.member_access, s.near_miss_percent, s.check_interval_minutes,
        s.post_retention_days, s.version, s.updated_at
        """

    /// Reads what `settingsColumns` names, beginning with that column.
    static func settings(_ row: Row, from first: Int) -> Settings {
        let sealed = row.optionalData(first + 5)
        return Settings(
            values: ServerSettings(
                trackingEnabled: row.boolean(first), notificationsEnabled: row.boolean(first + 1),
                statusNotices: row.boolean(first + 2), timezone: TimeZoneName(row.text(first + 3)) ?? .utc,
                currency: Currency(stored: row.text(first + 4)), alertWebhook: sealed == nil ? .none : .unreadable,
                memberAccess: row.boolean(first + 6), nearMissPercent: row.int(first + 7),
                checkIntervalMinutes: row.int(first + 8), postRetentionDays: row.optionalInt(first + 9)),
            sealedWebhook: sealed, version: row.integer(first + 10), updatedAt: row.timestamp(first + 11))
    }

    /// Nil where the guild has been deleted meanwhile.
    package static let settings = Query<Settings?> { access in
        "SELECT \(settingsColumns) FROM guild_settings s WHERE s.client_id = \(access.client)"
    } value: { rows in
        rows.first.map { settings($0, from: 0) }
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
