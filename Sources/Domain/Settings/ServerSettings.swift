package import Formats

/// What the admins of a server decide.
package struct ServerSettings: Hashable, Sendable {
    package var trackingEnabled: Bool
    package var notificationsEnabled: Bool
    /// Whether the webhook tells when the bot goes offline or comes back.
    package var statusNotices: Bool
    /// In which the server's days begin and end.
    package var timezone: TimeZoneName
    package var currency: Currency
    package var alertWebhook: AlertWebhook
    /// Whether all members of the Discord server may look.
    package var memberAccess: Bool
    /// From how much of a target on something counts as nearly reached.
    package var nearMissPercent: Int
    package var checkIntervalMinutes: Int
    /// Nil: for ever.
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

/// Where a server's alerts go.
package enum AlertWebhook: Hashable, Sendable {
    case none
    case known(DiscordWebhook)
    /// One is stored, but nobody can read it: the secret that it was sealed with is gone.
    case unreadable

    /// What anyone is shown: which webhook it is, never its token.
    package var masked: String? {
        switch self {
        case .none: nil
        case .known(let webhook): webhook.masked
        case .unreadable: "https://discord.com/api/webhooks/•••/•••"
        }
    }

    /// What a text for the webhook means, when this is the present one: its masked form leaves it as it is.
    ///
    /// Nil for a text that is no address of a webhook.
    package func replaced(by text: String) -> AlertWebhook? {
        if let masked, text.hasSameBytes(as: masked) { return self }
        return DiscordWebhook(text).map(AlertWebhook.known)
    }
}
