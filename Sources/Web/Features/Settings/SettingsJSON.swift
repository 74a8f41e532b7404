internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's settings in the API.
enum SettingsJSON {
    private static func fields(isInput: Bool) -> [Schema.Field] {
        let settings = Setting.all.map { setting in
            isInput && setting.mayBeMissing
                ? Schema.Field.optional(setting.name, setting.schema) : .field(setting.name, setting.schema)
        }
        let state: [Schema.Field] =
            isInput
            ? [.optional("version", .version), .optional("updatedAt", .time)]
            : [.field("version", .version), .field("updatedAt", .time)]
        return settings + state
    }

    static let schema = Schema.named("GuildSettings", .object(fields(isInput: false)))
    /// A response can be sent back unchanged: `version` and `updatedAt` are ignored.
    static let input = Schema.named("GuildSettingsInput", .object(fields(isInput: true)))

    static func write(_ settings: OpenedSettings, to json: inout JSONWriter) {
        for setting in Setting.all { json.member(setting.key) { $0.value(settings.values[setting]) } }
        json.integer("version", settings.version)
        json.time("updatedAt", settings.updatedAt)
    }

    /// The `changes` of the audit log's entry.
    static func changes(_ changes: [SettingsChange]) -> String {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            for change in changes {
                json.member(change.setting.key) { json in
                    json.object { json in
                        json.member("from") { $0.value(change.from) }
                        json.member("to") { $0.value(change.to) }
                    }
                }
            }
        }
        return String(decoding: json.finish().array, as: UTF8.self)
    }

    /// The settings of a request, applied to the present ones.
    ///
    /// - Throws: `invalid` with a complaint for each missing or invalid field.
    static func read(
        _ json: JSONValue, over present: ServerSettings, _ zones: TimeZones
    ) throws(Rejection) -> ServerSettings {
        try ObjectReader.read(json) { fields in
            guard case .object = json else { return nil }
            var new = present
            for setting in Setting.all {
                let value: SettingValue?
                switch fields.given(setting.key, .anything) {
                case .value(let json): value = SettingValue(json)
                case .null: value = .nothing
                case .absent where setting.mayBeMissing: continue
                case .absent:
                    fields.complain(setting.key, setting.isOptional ? "is missing; null means none." : "is missing.")
                    continue
                }
                guard let value, new.set(setting, to: value, knowing: zones.isKnown) else {
                    fields.complain(setting.key, setting.expectation)
                    continue
                }
            }
            fields.pass(over: ["version", "updatedAt"])
            return new
        }
    }
}

extension Setting {
    fileprivate var schema: Schema {
        let numbers = range.map { Int($0.lowerBound)...Int($0.upperBound) }
        let value: Schema =
            switch kind {
            case .toggle: .boolean
            case .number, .optionalNumber: .integer(numbers)
            case .timezone, .currency, .webhook: .string()
            }
        return isOptional ? .nullable(value) : value
    }
}

extension SettingValue {
    /// Nil if it is not a setting.
    fileprivate init?(_ json: JSONValue) {
        switch json {
        case .bool(let isOn): self = .boolean(isOn)
        case .string(let text): self = .text(text)
        case .null: self = .nothing
        case .number:
            guard let number = json.int64 else { return nil }
            self = .number(Int(number))
        case .array, .object: return nil
        }
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ value: SettingValue) {
        switch value {
        case .boolean(let isOn): boolean(isOn)
        case .number(let number): integer(Int64(number))
        case .text(let text): string(text)
        case .nothing: null()
        }
    }
}
