internal import Formats

/// One changed setting.
package struct SettingsChange: Equatable, Sendable {
    package enum Value: Equatable, Sendable {
        case boolean(Bool)
        case number(Int)
        case text(String)
        case none
    }

    package let field: SettingsField
    package let from: Value
    package let to: Value
}

/// The settings by their API names, in the order of the page.
package enum SettingsField: String, CaseIterable, Sendable {
    case trackingEnabled, checkIntervalMinutes, postRetentionDays
    case timezone, currency
    case notificationsEnabled, statusNotices, nearMissPercent, alertWebhookUrl
    case memberAccess
}

extension ServerSettings {
    /// The value of the field, safe to show: a webhook is masked.
    package func value(of field: SettingsField) -> SettingsChange.Value {
        switch field {
        case .trackingEnabled: .boolean(trackingEnabled)
        case .checkIntervalMinutes: .number(checkIntervalMinutes)
        case .postRetentionDays: postRetentionDays.map { .number($0) } ?? .none
        case .timezone: .text(timezone.description)
        case .currency: .text(currency.code)
        case .notificationsEnabled: .boolean(notificationsEnabled)
        case .statusNotices: .boolean(statusNotices)
        case .nearMissPercent: .number(nearMissPercent)
        case .alertWebhookUrl: alertWebhook.masked.map { .text($0) } ?? .none
        case .memberAccess: .boolean(memberAccess)
        }
    }

    package func differs(from other: ServerSettings, in field: SettingsField) -> Bool {
        // Two webhooks may look equal when masked.
        field == .alertWebhookUrl ? alertWebhook != other.alertWebhook : value(of: field) != other.value(of: field)
    }

    /// The changes from these settings to the others.
    package func changes(to new: ServerSettings) -> [SettingsChange] {
        SettingsField.allCases.filter { new.differs(from: self, in: $0) }
            .map { SettingsChange(field: $0, from: value(of: $0), to: new.value(of: $0)) }
    }

    /// These settings with one field of others.
    package func taking(_ field: SettingsField, from other: ServerSettings) -> ServerSettings {
        var copy = self
        switch field {
        case .trackingEnabled: copy.trackingEnabled = other.trackingEnabled
        case .checkIntervalMinutes: copy.checkIntervalMinutes = other.checkIntervalMinutes
        case .postRetentionDays: copy.postRetentionDays = other.postRetentionDays
        case .timezone: copy.timezone = other.timezone
        case .currency: copy.currency = other.currency
        case .notificationsEnabled: copy.notificationsEnabled = other.notificationsEnabled
        case .statusNotices: copy.statusNotices = other.statusNotices
        case .nearMissPercent: copy.nearMissPercent = other.nearMissPercent
        case .alertWebhookUrl: copy.alertWebhook = other.alertWebhook
        case .memberAccess: copy.memberAccess = other.memberAccess
        }
        return copy
    }
}
