internal import Formats

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
