internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's settings in the API.
enum SettingsJSON {
    private static func fields(isInput: Bool) -> [Schema.Field] {
        let bounds = ServerSettings.self
        return [
            .field("trackingEnabled", .boolean), .field("notificationsEnabled", .boolean),
            isInput ? .optional("statusNotices", .boolean) : .field("statusNotices", .boolean),
            .field("timezone", .string()), .field("currency", .string()),
            .field("alertWebhookUrl", .nullable(.string())), .field("memberAccess", .boolean),
            .field("nearMissPercent", .integer(in: bounds.nearMissPercents)),
            .field("checkIntervalMinutes", .integer(in: bounds.checkIntervals)),
            .field("postRetentionDays", .nullable(.integer(in: bounds.retentions))),
            isInput ? .optional("version", .integer()) : .field("version", .integer()),
            isInput ? .optional("updatedAt", .time) : .field("updatedAt", .time),
        ]
    }

    static let schema = Schema.named("GuildSettings", .object(fields(isInput: false)))
    /// A response can be sent back unchanged: `version` and `updatedAt` are ignored.
    static let input = Schema.named("GuildSettingsInput", .object(fields(isInput: true)))

    static func write(_ settings: OpenedSettings, to json: inout JSONWriter) {
        for field in SettingsField.allCases { write(field, of: settings.values, to: &json) }
        json.integer("version", settings.version)
        json.time("updatedAt", settings.updatedAt)
    }

    private static func write(_ field: SettingsField, of values: ServerSettings, to json: inout JSONWriter) {
        json.member(field.rawValue) { $0.value(values.value(of: field)) }
    }

    /// The `changes` of the audit log's entry.
    static func changes(_ changes: [SettingsChange]) -> String {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            for change in changes {
                json.member(change.field.rawValue) { json in
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
            let tracking = fields.required("trackingEnabled", .boolean)
            let notifications = fields.required("notificationsEnabled", .boolean)
            let notices = fields.given("statusNotices", .boolean)
            if notices == .null { fields.complain("statusNotices", "must be true or false.") }
            let timezone = fields.required("timezone", SettingsRules.timezone(zones))
            let currency = fields.required("currency", SettingsRules.currency)
            let webhook = fields.given("alertWebhookUrl", SettingsRules.webhook(over: present.alertWebhook))
            let memberAccess = fields.required("memberAccess", .boolean)
            let percent = fields.required("nearMissPercent", .integer(in: ServerSettings.nearMissPercents))
            let interval = fields.required("checkIntervalMinutes", .integer(in: ServerSettings.checkIntervals))
            let retention = fields.given("postRetentionDays", .integer(in: ServerSettings.retentions))
            for name in ["alertWebhookUrl", "postRetentionDays"] where json[name] == nil {
                fields.complain(name, "is missing; null means none.")
            }
            fields.pass(over: ["version", "updatedAt"])
            guard let tracking, let notifications, let timezone, let currency, let memberAccess, let percent,
                let interval
            else { return nil }
            return ServerSettings(
                trackingEnabled: tracking, notificationsEnabled: notifications,
                statusNotices: notices.value ?? present.statusNotices, timezone: timezone, currency: currency,
                alertWebhook: webhook.value ?? .none, memberAccess: memberAccess, nearMissPercent: Int(percent),
                checkIntervalMinutes: Int(interval), postRetentionDays: retention.value.map { Int($0) })
        }
    }
}

extension Schema {
    fileprivate static func integer(in range: ClosedRange<Int64>) -> Schema {
        .integer(Int(range.lowerBound)...Int(range.upperBound))
    }
}

extension JSONWriter {
    fileprivate mutating func value(_ value: SettingsChange.Value) {
        switch value {
        case .boolean(let isOn): boolean(isOn)
        case .number(let number): integer(Int64(number))
        case .text(let text): string(text)
        case .none: null()
        }
    }
}
