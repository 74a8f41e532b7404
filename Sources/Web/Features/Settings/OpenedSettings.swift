internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's settings with the webhook decrypted, if possible.
struct OpenedSettings: Sendable, Equatable {
    var values: ServerSettings
    let version: Int64
    let updatedAt: Timestamp
}

extension StoredSettings {
    func opened(by vault: TokenVault, of access: GuildAccess) -> OpenedSettings {
        var values = values
        if let sealedWebhook, let webhook = vault.openWebhook(sealedWebhook, of: access.client) {
            values.alertWebhook = .known(webhook)
        }
        return OpenedSettings(values: values, version: version, updatedAt: updatedAt)
    }
}
