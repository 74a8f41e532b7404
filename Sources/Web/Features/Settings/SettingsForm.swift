internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The input of the settings form as text, and its errors.
struct SettingsForm: Sendable {
    /// The version that the form was opened with.
    var version: Int64
    /// All fields but the webhook; a switch is `on` or empty.
    var values: [SettingsField: String]
    /// The values that the form was opened with, to find the person's changes.
    var base: [SettingsField: String]
    /// The typed address.
    ///
    /// No page shows it; the form carries it encrypted.
    var webhook: DiscordWebhook?
    var removesWebhook = false
    /// The retention in days for which the deletion of older posts was confirmed; empty for none.
    var confirmedRetention = ""
    /// The masked webhook that the form was opened with; empty for none, nil if the form lacks it.
    var baseWebhook: String?
    var complaints: [Rejection.Complaint] = []

    /// Fields that the form shows unchanged.
    static let plain = SettingsField.allCases.filter { $0 != .alertWebhookUrl }

    init(_ settings: OpenedSettings) {
        version = settings.version
        values = Self.values(of: settings.values)
        base = values
        baseWebhook = settings.values.alertWebhook.masked ?? ""
    }

    /// - Throws: `unsupportedType` or `malformed` if the request is not from a form of this site.
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
                    .init("/alertWebhookUrl", "isn't a Discord webhook URL. Copy it again from Discord.")
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
        // No valid value is that long.
        Dictionary(uniqueKeysWithValues: plain.map { ($0, String((body[prefix + $0.rawValue] ?? "").prefix(100))) })
    }

    subscript(field: SettingsField) -> String { values[field] ?? "" }

    func complaint(_ field: SettingsField) -> String? {
        complaints.first { $0.pointer == "/\(field.rawValue)" }?.message
    }

    // MARK: Reading

    /// The settings of the form, applied to the present ones.
    ///
    /// - Throws: `invalid`, with the same pointers as the API.
    func settings(over present: ServerSettings, _ zones: TimeZones) throws(Rejection) -> ServerSettings {
        var complaints = complaints
        let timezone = SettingsRules.timezone(self[.timezone], zones)
        if timezone == nil { complaints.append(.init("/timezone", "is unknown. Use a name such as Europe/Paris.")) }
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
