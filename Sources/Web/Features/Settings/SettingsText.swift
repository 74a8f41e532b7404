internal import Domain
internal import Persistence

/// Labels and hints of settings.
extension SettingsField {
    var label: String {
        switch self {
        case .trackingEnabled: "Track accounts"
        case .checkIntervalMinutes: "Minutes between checks"
        case .postRetentionDays: "Keep posts for days"
        case .timezone: "Time zone"
        case .currency: "Currency"
        case .notificationsEnabled: "Send alerts"
        case .statusNotices: "Tell when the bot goes offline or comes back"
        case .nearMissPercent: "Nearly reached from percent"
        case .alertWebhookUrl: "Alert webhook"
        case .memberAccess: "All members may look"
        }
    }

    var hint: String {
        switch self {
        case .trackingEnabled: "Whether the bot should read the accounts of this server. What it collected stays."
        case .checkIntervalMinutes: "How often the bot should read an account: 5 to 1,440."
        case .postRetentionDays: "Older posts are deleted. Empty keeps them for ever."
        case .timezone: "Days of lists and charts begin and end by it. Such as Europe/Paris."
        case .currency: "For amounts of money on all pages."
        case .notificationsEnabled: "Through the webhook below."
        case .statusNotices: "Through the same webhook; it needs no bot."
        case .nearMissPercent: "From here on a target counts as nearly reached: 50 to 99."
        case .alertWebhookUrl:
            """
            In Discord: the channel’s settings, Integrations, Webhooks, Copy Webhook URL. It is stored sealed and never \
            shown again.
            """
        case .memberAccess: "Members of the Discord server see all tracking data, and change nothing."
        }
    }

    /// A value of the form as readable text.
    func text(of value: String) -> String {
        switch self {
        case .trackingEnabled, .notificationsEnabled, .statusNotices, .memberAccess: value == "on" ? "On" : "Off"
        case .checkIntervalMinutes: "\(value) min"
        case .postRetentionDays: value.isEmpty ? "for ever" : value == "1" ? "1 day" : "\(value) days"
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
