internal import Domain
internal import Formats

/// The columns of `guild_settings` that hold settings, as their declarations name them.
enum SettingColumns {
    /// Reads the columns, all from `guild_settings s`; a webhook is `.unreadable`, with its ciphertext beside it.
    static func read(
        _ row: ColumnReader
    ) throws(DatabaseFailure) -> (values: ServerSettings, sealedWebhook: [UInt8]?) {
        var values = ServerSettings()
        var sealedWebhook: [UInt8]?
        for setting in Setting.all {
            switch setting.kind {
            case .toggle(let path): values[keyPath: path] = try row(place(setting))
            case .number(let path, _, _): values[keyPath: path] = try row(place(setting))
            case .optionalNumber(let path, _, _, _): values[keyPath: path] = try row(place(setting))
            case .timezone:
                // The table takes names without a file, such as `-/-`; PostgreSQL calculates with UTC for them too.
                values.timezone = TimeZoneName(try row(place(setting), as: String.self)) ?? .utc
            case .currency: values.currency = Currency(stored: try row(place(setting)))
            case .webhook:
                sealedWebhook = try row(place(setting))
                values.alertWebhook = sealedWebhook == nil ? .none : .unreadable
            }
        }
        return (values, sealedWebhook)
    }

    private static func place(_ setting: Setting) -> SQL { "s.\(SQL(stringLiteral: setting.column))" }

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
