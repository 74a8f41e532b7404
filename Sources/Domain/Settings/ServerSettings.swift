package import Formats

/// The settings of a server.
package struct ServerSettings: Hashable, Sendable {
    package var trackingEnabled: Bool
    package var notificationsEnabled: Bool
    /// True if the webhook gets a message when the bot goes offline or comes back.
    package var statusNotices: Bool
    /// The time zone of the server's days.
    package var timezone: TimeZoneName
    package var currency: Currency
    package var alertWebhook: AlertWebhook
    /// True if all members of the Discord server can view the data.
    package var memberAccess: Bool
    /// The near-miss threshold, in percent of a target.
    package var nearMissPercent: Int
    package var checkIntervalMinutes: Int
    /// Nil means forever.
    package var postRetentionDays: Int?

    package static let nearMissPercents: ClosedRange<Int64> = 50...99
    package static let checkIntervals: ClosedRange<Int64> = 5...1_440
    package static let retentions: ClosedRange<Int64> = 1...36_500

    package init(
        trackingEnabled: Bool, notificationsEnabled: Bool, statusNotices: Bool, timezone: TimeZoneName,
        currency: Currency, alertWebhook: AlertWebhook, memberAccess: Bool, nearMissPercent: Int,
        checkIntervalMinutes: Int, postRetentionDays: Int?
    ) {
        self.trackingEnabled = trackingEnabled
        self.notificationsEnabled = notificationsEnabled
        self.statusNotices = statusNotices
        self.timezone = timezone
        self.currency = currency
        self.alertWebhook = alertWebhook
        self.memberAccess = memberAccess
        self.nearMissPercent = nearMissPercent
        self.checkIntervalMinutes = checkIntervalMinutes
        self.postRetentionDays = postRetentionDays
    }
}

/// The webhook for a server's alerts.
package enum AlertWebhook: Hashable, Sendable {
    case none
    case known(DiscordWebhook)
    /// A webhook is stored, but cannot be decrypted: its secret is no longer configured.
    case unreadable

    /// The webhook without its token, safe to show.
    package var masked: String? {
        switch self {
        case .none: nil
        case .known(let webhook): webhook.masked
        case .unreadable: "https://discord.com/api/webhooks/•••/•••"
        }
    }

    /// The webhook that the text stands for: the masked form of the present one keeps it.
    ///
    /// Nil if the text is not the address of a webhook.
    package func replaced(by text: String) -> AlertWebhook? {
        if let masked, text.hasSameBytes(as: masked) { return self }
        return DiscordWebhook(text).map(AlertWebhook.known)
    }
}
