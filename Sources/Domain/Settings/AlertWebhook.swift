internal import Formats

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
    /// Nil for a text that is no address of a webhook.
    package func replaced(by text: String) -> AlertWebhook? {
        if let masked, text.hasSameBytes(as: masked) { return self }
        return DiscordWebhook(text).map(AlertWebhook.known)
    }
}
