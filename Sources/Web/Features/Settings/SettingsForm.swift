internal import Domain
internal import Persistence

/// What stands in the form of settings, as text, and what is wrong with it.
struct SettingsForm: Sendable {
    /// The version that the form was made from.
    var version: Int64
    /// All but the webhook; a switch is `on` or empty.
    var values: [Setting: String]
    /// What was there when the form was made, so that it can be told what the person changed.
    var base: [Setting: String]
    /// The address that was typed, which no page shows: the form carries it on sealed.
    var webhook: DiscordWebhook?
    var removesWebhook = false
    /// The days of retention for which it was confirmed that older posts go; empty for none.
    var confirmedRetention = ""
    /// The webhook that was there when the form was made, masked; empty for none, nil where the form does not say.
    var baseWebhook: String?
    var complaints: [Rejection.Complaint] = []

    /// Fields that stand in the form as they are.
    static let plain = Setting.all.filter { $0 != .alertWebhook }

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
        baseWebhook = body[Self.basePrefix + Setting.alertWebhook.key].map { String($0.prefix(100)) }
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

    static func values(of settings: ServerSettings) -> [Setting: String] {
        Dictionary(uniqueKeysWithValues: plain.map { ($0, text(settings[$0])) })
    }

    private static func text(_ value: SettingValue) -> String {
        switch value {
        case .boolean(let isOn): isOn ? "on" : ""
        case .number(let number): String(number)
        case .text(let text): text
        case .nothing: ""
        }
    }

    private static func values(in body: FormBody, prefix: String) -> [Setting: String] {
        // No field is that long: what is, is wrong anyway.
        Dictionary(uniqueKeysWithValues: plain.map { ($0, String((body[prefix + $0.key] ?? "").prefix(100))) })
    }

    subscript(setting: Setting) -> String { values[setting] ?? "" }

    func complaint(_ setting: Setting) -> String? {
        complaints.first { $0.pointer == "/\(setting.key)" }?.message
    }

    // MARK: Reading

    /// The settings that the form means, over those that are there.
    ///
    /// - Throws: `invalid`, with the same pointers and messages as the API.
    func settings(over present: ServerSettings, _ zones: TimeZones) throws(Rejection) -> ServerSettings {
        var complaints = complaints
        var new = present
        for setting in Self.plain where !new.set(setting, to: value(of: setting), knowing: zones.isKnown) {
            complaints.append(.init("/\(setting.key)", setting.expectation))
        }
        if let webhook { new.alertWebhook = .known(webhook) } else if removesWebhook { new.alertWebhook = .none }
        guard complaints.isEmpty else { throw .invalid(complaints) }
        return new
    }

    func isOn(_ setting: Setting) -> Bool { self[setting] == "on" }

    private func value(of setting: Setting) -> SettingValue {
        let text = self[setting]
        return switch setting.kind {
        case .toggle: .boolean(isOn(setting))
        case .optionalNumber where text.isEmpty: .nothing
        // A text that is no number is none of the values that are allowed.
        case .number, .optionalNumber: WholeNumber.parse(text).map { .number(Int($0)) } ?? .text(text)
        case .timezone, .currency, .webhook: .text(text)
        }
    }
}
