package import Formats

extension Setting {
    /// Whether it may have no value.
    package var isOptional: Bool {
        switch kind {
        case .optionalNumber, .webhook: true
        case .toggle, .number, .timezone, .currency: false
        }
    }

    /// The numbers that it may be.
    package var range: ClosedRange<Int64>? {
        switch kind {
        case .number(_, let range, _), .optionalNumber(_, let range, _, _): range
        case .toggle, .timezone, .currency, .webhook: nil
        }
    }

    /// The word for no value; nil if there is always one, or none of its own.
    package var nothing: String? {
        if case .optionalNumber(_, _, _, let word) = kind { word } else { nil }
    }

    /// The message about any other value, as in `must be true or false`.
    ///
    /// The error does not repeat the input, because it may be the address of another webhook.
    package var expectation: String {
        switch kind {
        case .toggle: "must be true or false."
        case .number(_, let range, _), .optionalNumber(_, let range, _, _):
            "must be a whole number from \(range.lowerBound) to \(range.upperBound)."
        case .timezone: "must be a time zone of the IANA database, such as Europe/Paris."
        case .currency: "must be a currency code of ISO 4217, such as EUR."
        case .webhook:
            """
            must be the address of a Discord webhook, such as https://discord.com/api/webhooks/<id>/<token>, or the \
            masked address that is there now, which keeps it.
            """
        }
    }
}

extension ServerSettings {
    /// Changes the setting to a value from outside; a masked webhook keeps the present one.
    ///
    /// - Returns: false for a value that is not allowed, which changes nothing.
    package mutating func set(
        _ setting: Setting, to value: SettingValue, knowing isKnown: (TimeZoneName) -> Bool
    ) -> Bool {
        switch (setting.kind, value) {
        case (.toggle(let path), .boolean(let isOn)): self[keyPath: path] = isOn
        case (.number(let path, let range, _), .number(let number)):
            guard range.contains(Int64(number)) else { return false }
            self[keyPath: path] = number
        case (.optionalNumber(let path, let range, _, _), .number(let number)):
            guard range.contains(Int64(number)) else { return false }
            self[keyPath: path] = number
        case (.optionalNumber(let path, _, _, _), .nothing): self[keyPath: path] = nil
        case (.timezone, .text(let name)):
            guard let zone = TimeZoneName(name), isKnown(zone) else { return false }
            timezone = zone
        case (.currency, .text(let code)):
            guard let found = Currency(code) else { return false }
            currency = found
        case (.webhook, .text(let address)):
            guard let webhook = alertWebhook.replaced(by: address) else { return false }
            alertWebhook = webhook
        case (.webhook, .nothing): alertWebhook = .none
        default: return false
        }
        return true
    }
}
