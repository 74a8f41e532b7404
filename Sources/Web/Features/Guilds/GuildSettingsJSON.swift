internal import Persistence

/// A server's settings as the API says them.
enum GuildSettingsJSON {
    static let schema = Schema.named(
        "GuildSettings",
        .object([
            .field("trackingEnabled", .boolean), .field("notificationsEnabled", .boolean),
            .field("statusNotices", .boolean), .field("timezone", .string()), .field("currency", .string()),
            .field("hasAlertWebhook", .boolean), .field("memberAccess", .boolean),
            .field("nearMissPercent", .integer(50...99)), .field("checkIntervalMinutes", .integer(5...1_440)),
            .field("postRetentionDays", .nullable(.integer(1...36_500))), .field("version", .integer()),
            .field("updatedAt", .time),
        ]))

    static func write(_ settings: Guilds.Settings, to json: inout JSONWriter) {
        json.boolean("trackingEnabled", settings.trackingEnabled)
        json.boolean("notificationsEnabled", settings.notificationsEnabled)
        json.boolean("statusNotices", settings.statusNotices)
        json.string("timezone", settings.timezone)
        json.string("currency", settings.currency)
        json.boolean("hasAlertWebhook", settings.hasAlertWebhook)
        json.boolean("memberAccess", settings.memberAccess)
        json.integer("nearMissPercent", settings.nearMissPercent)
        json.integer("checkIntervalMinutes", settings.checkIntervalMinutes)
        json.integer("postRetentionDays", settings.postRetentionDays)
        json.integer("version", settings.version)
        json.time("updatedAt", settings.updatedAt)
    }
}
