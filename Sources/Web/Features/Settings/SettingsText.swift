internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Labels and hints of settings.
extension SettingsField {
    var label: String {
        switch self {
        case .trackingEnabled: "Track accounts"
        case .checkIntervalMinutes: "Check interval (minutes)"
        case .postRetentionDays: "Keep posts (days)"
        case .timezone: "Time zone"
        case .currency: "Currency"
        case .notificationsEnabled: "Send alerts"
        case .statusNotices: "Notify when the bot goes offline or recovers"
        case .nearMissPercent: "Near-miss threshold (%)"
        case .alertWebhookUrl: "Alert webhook"
        case .memberAccess: "Members can view"
        }
    }

    var hint: String {
        switch self {
        case .trackingEnabled: "Let the bot check this server's accounts. Existing data is kept when off."
        case .checkIntervalMinutes: "How often the bot checks an account: 5 to 1,440."
        case .postRetentionDays: "Older posts are deleted. Leave empty to keep them forever."
        case .timezone: "Used for dates in lists and charts, for example Europe/Paris."
        case .currency: "For amounts of money on all pages."
        case .notificationsEnabled: "Through the webhook below."
        case .statusNotices: "Sent by the dashboard, so it works without the bot."
        case .nearMissPercent: "The share of a target that counts as nearly reached: 50 to 99."
        case .alertWebhookUrl:
            """
            In Discord: the channel’s settings, Integrations, Webhooks, Copy Webhook URL. It is stored encrypted and \
            not shown again.
            """
        case .memberAccess: "Members of the Discord server can see all tracking data, but not change it."
        }
    }

    /// A value of the form as readable text.
    func text(of value: String) -> String {
        switch self {
        case .trackingEnabled, .notificationsEnabled, .statusNotices, .memberAccess: value == "on" ? "On" : "Off"
        case .checkIntervalMinutes: "\(value) min"
        case .postRetentionDays: value.isEmpty ? "forever" : value == "1" ? "1 day" : "\(value) days"
        case .nearMissPercent: "\(value)%"
        case .alertWebhookUrl: value.isEmpty ? "none" : value
        case .timezone, .currency: value
        }
    }
}

extension RowCount {
    /// For example `916 posts` and `more than 10,000 posts`.
    var posts: String { (isMore ? "more than " : "") + CountText.text(value, "post") }
}
