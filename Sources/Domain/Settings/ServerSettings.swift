package import Formats

/// The settings of a server.
package struct ServerSettings: Hashable, Sendable {
    package var trackingEnabled = true
    package var checkIntervalMinutes = 60
    /// Nil: for ever.
    package var postRetentionDays: Int?
    /// In which the server's days begin and end.
    package var timezone = TimeZoneName.utc
    package var currency = Currency.usDollar
    package var notificationsEnabled = true
    /// Whether the webhook tells when the bot goes offline or comes back.
    package var statusNotices = false
    /// From how much of a target on something counts as nearly reached.
    package var nearMissPercent = 80
    package var alertWebhook = AlertWebhook.none
    /// Whether all members of the Discord server may look.
    package var memberAccess = false

    package init() {}
}

extension Setting {
    /// In the order of the API and the page.
    package static let sections = [
        SettingSection(
            "tracking", "Tracking",
            [
                Setting(
                    "trackingEnabled", "tracking_enabled", .toggle(\.trackingEnabled), "Track accounts",
                    hint: "Let the bot check this server's accounts. Existing data is kept when off.",
                    auditWord: "tracking"),
                Setting(
                    "checkIntervalMinutes", "check_interval_minutes",
                    .number(\.checkIntervalMinutes, 5...1_440, .minutes), "Check interval (minutes)",
                    hint: "How often the bot checks an account: 5 to 1,440.", auditWord: "minutes between checks"),
                postRetentionDays,
            ]),
        SettingSection(
            "region", "Time and money",
            [
                Setting(
                    "timezone", "timezone", .timezone, "Time zone",
                    hint: "Used for dates in lists and charts, for example Europe/Paris.", auditWord: "time zone"),
                Setting(
                    "currency", "currency", .currency, "Currency", hint: "For amounts of money on all pages.",
                    auditWord: "currency"),
            ]),
        SettingSection(
            "alerts", "Alerts",
            [
                Setting(
                    "notificationsEnabled", "notifications_enabled", .toggle(\.notificationsEnabled), "Send alerts",
                    hint: "Through the webhook below.", auditWord: "alerts"),
                Setting(
                    "statusNotices", "status_notices", .toggle(\.statusNotices),
                    "Notify when the bot goes offline or recovers",
                    hint: "Sent by the dashboard, so it works without the bot.",
                    auditWord: "notices of the bot’s state",
                    mayBeMissing: true),
                Setting(
                    "nearMissPercent", "near_miss_percent", .number(\.nearMissPercent, 50...99, .percent),
                    "Near-miss threshold (%)",
                    hint: "The share of a target that counts as nearly reached: 50 to 99.",
                    auditWord: "“nearly reached” mark"),
                alertWebhook,
            ]),
        SettingSection(
            "access", "Access",
            [
                Setting(
                    "memberAccess", "member_access", .toggle(\.memberAccess), "Members can view",
                    hint: "Members of the Discord server can see all tracking data, but not change it.",
                    auditWord: "access for all members")
            ]),
    ]

    package static let postRetentionDays = Setting(
        "postRetentionDays", "post_retention_days",
        .optionalNumber(\.postRetentionDays, 1...36_500, .days, nothing: "forever"), "Keep posts (days)",
        hint: "Older posts are deleted. Leave empty to keep them forever.", auditWord: "days that posts are kept")

    package static let alertWebhook = Setting(
        "alertWebhookUrl", "alert_webhook_ciphertext", .webhook, "Alert webhook",
        hint: """
            In Discord: the channel’s settings, Integrations, Webhooks, Copy Webhook URL. It is stored encrypted and \
            not shown again.
            """, auditWord: "alert webhook")

    package static let all = sections.flatMap(\.settings)
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    /// Nil for a name that no setting of this version has.
    package static func named(_ name: String) -> Setting? { byName[name] }
}
