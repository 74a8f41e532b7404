internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// What stands in the form of settings, as text, and what is wrong with it.
struct SettingsForm: Sendable {
    /// The version that the form was made from.
    var version: Int64
    /// All but the webhook; a switch is `on` or empty.
    var values: [SettingsField: String]
    /// What was there when the form was made, so that it can be told what the person changed.
    var base: [SettingsField: String]
    /// The address that was typed, which no page shows: the form carries it on sealed.
    var webhook: DiscordWebhook?
    var removesWebhook = false
    /// The days of retention for which it was confirmed that older posts go; empty for none.
    var confirmedRetention = ""
    /// The webhook that was there when the form was made, masked; empty for none, nil where the form does not say.
    var baseWebhook: String?
    var complaints: [Rejection.Complaint] = []

    /// Fields that stand in the form as they are.
    static let plain = SettingsField.allCases.filter { $0 != .alertWebhookUrl }

    init(_ settings: OpenedSettings) {
        version = settings.version
        values = Self.values(of: settings.values)
        base = values
        baseWebhook = settings.values.alertWebhook.masked ?? ""
    }

    /// - Throws: `unsupportedType` or `malformed` for what no form of this site sends.
    init(_ request: Request, _ vault: TokenVault, of access: GuildAccess) throws(Rejection) {
        let body = try FormBody(request)
        guard let version = body["version"].flatMap({ WholeNumber.parse($0) }) else {
            throw .malformed(.init("version", "is missing"))
        }
        self.version = version
        values = Self.values(in: body, prefix: "")
        base = Self.values(in: body, prefix: Self.basePrefix)
        removesWebhook = body["removeWebhook"] != nil
        confirmedRetention = String((body[Self.confirmation] ?? "").prefix(10))
        baseWebhook = body[Self.basePrefix + SettingsField.alertWebhookUrl.rawValue].map { String($0.prefix(100)) }
        let typed = body["alertWebhookUrl"]?.filter { !$0.isWhitespace } ?? ""
        if typed.isEmpty {
            webhook = body["typedWebhook"].flatMap(Base64URL.decode).flatMap {
                vault.openWebhook($0, of: access.client)
            }
        } else {
            webhook = DiscordWebhook(typed)
            if webhook == nil {
                complaints = [
                    .init("/alertWebhookUrl", "was no address of a Discord webhook. Copy it in Discord anew.")
                ]
            }
        }
    }

    static let basePrefix = "was-"
    static let confirmation = "confirmRetention"

    static func values(of settings: ServerSettings) -> [SettingsField: String] {
        Dictionary(uniqueKeysWithValues: plain.map { ($0, text(settings.value(of: $0))) })
    }

    private static func text(_ value: SettingsChange.Value) -> String {
        switch value {
        case .boolean(let isOn): isOn ? "on" : ""
        case .number(let number): String(number)
        case .text(let text): text
        case .none: ""
        }
    }

    private static func values(in body: FormBody, prefix: String) -> [SettingsField: String] {
        // No field is that long: what is, is wrong anyway.
        Dictionary(uniqueKeysWithValues: plain.map { ($0, String((body[prefix + $0.rawValue] ?? "").prefix(100))) })
    }

    subscript(field: SettingsField) -> String { values[field] ?? "" }

    func complaint(_ field: SettingsField) -> String? {
        complaints.first { $0.pointer == "/\(field.rawValue)" }?.message
    }

    // MARK: Reading

    /// The settings that the form means, over those that are there.
    ///
    /// - Throws: `invalid`, with the same pointers as the API.
    func settings(over present: ServerSettings, _ zones: TimeZones) throws(Rejection) -> ServerSettings {
        var complaints = complaints
        let timezone = SettingsRules.timezone(self[.timezone], zones)
        if timezone == nil { complaints.append(.init("/timezone", "must be one such as Europe/Paris.")) }
        let currency = Currency(self[.currency])
        if currency == nil { complaints.append(.init("/currency", "must be one of the list.")) }
        let percent = number(.nearMissPercent, ServerSettings.nearMissPercents, &complaints)
        let interval = number(.checkIntervalMinutes, ServerSettings.checkIntervals, &complaints)
        let retention =
            self[.postRetentionDays].isEmpty
            ? nil : number(.postRetentionDays, ServerSettings.retentions, &complaints)
        guard complaints.isEmpty, let timezone, let currency, let percent, let interval else {
            throw .invalid(complaints)
        }
        return ServerSettings(
            trackingEnabled: isOn(.trackingEnabled), notificationsEnabled: isOn(.notificationsEnabled),
            statusNotices: isOn(.statusNotices), timezone: timezone, currency: currency,
            alertWebhook: webhook.map(AlertWebhook.known) ?? (removesWebhook ? .none : present.alertWebhook),
            memberAccess: isOn(.memberAccess), nearMissPercent: percent, checkIntervalMinutes: interval,
            postRetentionDays: retention)
    }

    func isOn(_ field: SettingsField) -> Bool { self[field] == "on" }

    private func number(
        _ field: SettingsField, _ range: ClosedRange<Int64>, _ complaints: inout [Rejection.Complaint]
    ) -> Int? {
        if let number = WholeNumber.parse(self[field]), range.contains(number) { return Int(number) }
        complaints.append(
            .init("/\(field.rawValue)", "must be a whole number from \(range.lowerBound) to \(range.upperBound)."))
        return nil
    }
}
