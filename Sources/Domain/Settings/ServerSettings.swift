/// A server's settings, which its admins decide; at first as they are of a new server.
///
/// A new setting is a property here, its declaration in a section, and its column in a migration.
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
                    hint: "Whether the bot should read the accounts of this server. What it collected stays.",
                    auditWord: "tracking"),
                Setting(
                    "checkIntervalMinutes", "check_interval_minutes",
                    .number(\.checkIntervalMinutes, 5...1_440, .minutes), "Minutes between checks",
                    hint: "How often the bot should read an account: 5 to 1,440.", auditWord: "minutes between checks"),
                postRetentionDays,
            ]),
        SettingSection(
            "region", "Time and money",
            [
                Setting(
                    "timezone", "timezone", .timezone, "Time zone",
                    hint: "Days of lists and charts begin and end by it. Such as Europe/Paris.", auditWord: "time zone"),
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
                    "Tell when the bot goes offline or comes back",
                    hint: "Through the same webhook; it needs no bot.", auditWord: "notices of the bot’s state",
                    mayBeMissing: true),
                Setting(
                    "nearMissPercent", "near_miss_percent", .number(\.nearMissPercent, 50...99, .percent),
                    "Nearly reached from percent",
                    hint: "From here on a target counts as nearly reached: 50 to 99.",
                    auditWord: "“nearly reached” mark"),
                alertWebhook,
            ]),
        SettingSection(
            "access", "Access",
            [
                Setting(
                    "memberAccess", "member_access", .toggle(\.memberAccess), "All members may look",
                    hint: "Members of the Discord server see all tracking data, and change nothing.",
                    auditWord: "access for all members")
            ]),
    ]

    package static let postRetentionDays = Setting(
        "postRetentionDays", "post_retention_days",
        .optionalNumber(\.postRetentionDays, 1...36_500, .days, nothing: "for ever"), "Keep posts for days",
        hint: "Older posts are deleted. Empty keeps them for ever.", auditWord: "days that posts are kept")

    package static let alertWebhook = Setting(
        "alertWebhookUrl", "alert_webhook_ciphertext", .webhook, "Alert webhook",
        hint: """
            In Discord: the channel’s settings, Integrations, Webhooks, Copy Webhook URL. It is stored sealed and never \
            shown again.
            """, auditWord: "alert webhook")

    package static let all = sections.flatMap(\.settings)
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

    /// Nil for a name that no setting of this version has.
    package static func named(_ name: String) -> Setting? { byName[name] }
}
