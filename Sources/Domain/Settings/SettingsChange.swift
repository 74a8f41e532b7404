internal import Formats

/// The value of a setting, as requests, forms and the audit log have it.
package enum SettingValue: Equatable, Sendable {
    case boolean(Bool)
    case number(Int)
    case text(String)
    case nothing
}

/// One setting whose value changed.
package struct SettingsChange: Equatable, Sendable {
    package let setting: Setting
    package let from: SettingValue
    package let to: SettingValue
}

extension ServerSettings {
    /// The value of the field, safe to show: a webhook is masked.
    package subscript(setting: Setting) -> SettingValue {
        switch setting.kind {
        case .toggle(let path): .boolean(self[keyPath: path])
        case .number(let path, _, _): .number(self[keyPath: path])
        case .optionalNumber(let path, _, _, _): self[keyPath: path].map { .number($0) } ?? .nothing
        case .timezone: .text(timezone.description)
        case .currency: .text(currency.code)
        case .webhook: alertWebhook.masked.map { .text($0) } ?? .nothing
        }
    }

    /// The changes from these settings to the others.
    package func changes(to new: ServerSettings) -> [SettingsChange] {
        Setting.all.filter { new.differs(from: self, in: $0) }
            .map { SettingsChange(setting: $0, from: self[$0], to: new[$0]) }
    }

    private func differs(from other: ServerSettings, in setting: Setting) -> Bool {
        // Two webhooks may look alike without their tokens.
        if case .webhook = setting.kind { return alertWebhook != other.alertWebhook }
        return self[setting] != other[setting]
    }
}
