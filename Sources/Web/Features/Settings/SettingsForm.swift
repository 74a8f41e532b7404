internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The input of the settings form as text, and its errors.
struct SettingsForm: Sendable {
    /// The version that the form was opened with.
    var version: Int64
    /// All fields but the webhook; a switch is `on` or empty.
    var values: [Setting: String]
    /// The values that the form was opened with, to find the person's changes.
    var base: [Setting: String]
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
    static let plain = Setting.all.filter { $0 != .alertWebhook }

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
                    .init("/alertWebhookUrl", "isn't a Discord webhook URL. Copy it again from Discord.")
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
        // No valid value is that long.
        Dictionary(uniqueKeysWithValues: plain.map { ($0, String((body[prefix + $0.key] ?? "").prefix(100))) })
    }

    subscript(setting: Setting) -> String { values[setting] ?? "" }

    func complaint(_ setting: Setting) -> String? {
        complaints.first { $0.pointer == "/\(setting.key)" }?.message
    }

    // MARK: Reading

    /// The settings of the form, applied to the present ones.
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
