package import Formats

package struct StoredSettings: Sendable, Equatable {
    /// Without the webhook, which is encrypted: `.unreadable` if there is one.
    package let values: ServerSettings
    package let sealedWebhook: [UInt8]?
    package let version: Int64
    package let updatedAt: Timestamp

    package init(values: ServerSettings, sealedWebhook: [UInt8]?, version: Int64, updatedAt: Timestamp) {
        self.values = values
        self.sealedWebhook = sealedWebhook
        self.version = version
        self.updatedAt = updatedAt
    }
}
