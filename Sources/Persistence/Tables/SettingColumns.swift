internal import Domain
internal import Formats

/// The columns of `guild_settings` that hold settings, as their declarations name them.
enum SettingColumns {
    /// Each after a comma.
    static let list: SQL = Setting.all.reduce(into: "") { list, setting in
        list += ", s."
        list += SQL(stringLiteral: setting.column)
    }

    /// Reads the columns of `list` from that column on; a webhook is `.unreadable`, with its ciphertext beside it.
    static func read(_ row: Row, from first: Int) -> (values: ServerSettings, sealedWebhook: [UInt8]?) {
        var values = ServerSettings()
        var sealedWebhook: [UInt8]?
        for (place, setting) in zip(first..., Setting.all) {
            switch setting.kind {
            case .toggle(let path): values[keyPath: path] = row.boolean(place)
            case .number(let path, _, _): values[keyPath: path] = row.int(place)
            case .optionalNumber(let path, _, _, _): values[keyPath: path] = row.optionalInt(place)
            case .timezone: values.timezone = TimeZoneName(row.text(place)) ?? .utc
            case .currency: values.currency = Currency(stored: row.text(place))
            case .webhook:
                sealedWebhook = row.optionalData(place)
                values.alertWebhook = sealedWebhook == nil ? .none : .unreadable
            }
        }
        return (values, sealedWebhook)
    }

    /// The assignments of an `UPDATE`, each after a comma.
    static func assignments(_ new: ServerSettings, webhook: SQL) -> SQL {
        Setting.all.reduce(into: "") { list, setting in
            list += ", "
            list += SQL(stringLiteral: setting.column)
            list += " = "
            switch setting.kind {
            case .toggle(let path): list += "\(new[keyPath: path])"
            case .number(let path, _, _): list += "\(new[keyPath: path])"
            case .optionalNumber(let path, _, _, _): list += "\(new[keyPath: path])"
            case .timezone: list += "\(new.timezone.description)"
            case .currency: list += "\(new.currency.code)"
            case .webhook: list += webhook
            }
        }
    }
}
