import Domain
import Formats
import Testing

@Suite struct `Settings of a server` {
    static let settings = ServerSettings()

    /// Another value for each setting.
    static let others: [String: SettingValue] = [
        "trackingEnabled": .boolean(false), "checkIntervalMinutes": .number(30), "postRetentionDays": .number(7),
        "timezone": .text("Europe/Paris"), "currency": .text("EUR"), "notificationsEnabled": .boolean(false),
        "statusNotices": .boolean(true), "nearMissPercent": .number(90),
        "alertWebhookUrl": .text(
            "https://discord.com/api/webhooks/123456789012345678/" + String(repeating: "a", count: 68)),
        "memberAccess": .boolean(true),
    ]

    private func change(_ setting: Setting, to value: SettingValue, in settings: inout ServerSettings) -> Bool {
        settings.set(setting, to: value) { _ in true }
    }

    @Test func `that are the same have no change`() {
        #expect(Self.settings.changes(to: Self.settings) == [])
    }

    @Test(arguments: Setting.all)
    func `differ in the changed setting only, and are equal after it was changed back`(setting: Setting) throws {
        var new = Self.settings
        #expect(change(setting, to: try #require(Self.others[setting.key]), in: &new))
        let changes = Self.settings.changes(to: new)
        #expect(changes.map(\.setting) == [setting])
        #expect(changes.map(\.from) == [Self.settings[setting]] && changes.map(\.to) == [new[setting]])
        #expect(change(setting, to: Self.settings[setting], in: &new) && new == Self.settings)
    }

    @Test(arguments: Setting.all)
    func `reject values of another kind or out of bounds`(setting: Setting) {
        var new = Self.settings
        let bounds = setting.range.map {
            [SettingValue.number(Int($0.lowerBound) - 1), .number(Int($0.upperBound) + 1)]
        }
        let wrong: [SettingValue] = (bounds ?? [.number(1)]) + [.text("")] + (setting.isOptional ? [] : [.nothing])
        for value in wrong { #expect(!change(setting, to: value, in: &new), "\(setting.key): \(value)") }
        let toggle = if case .toggle = setting.kind { true } else { false }
        if !toggle { #expect(!change(setting, to: .boolean(true), in: &new)) }
        #expect(new == Self.settings)
    }

    @Test(arguments: Setting.all)
    func `are numbers up to their bounds`(setting: Setting) {
        guard let range = setting.range else { return }
        for number in [range.lowerBound, range.upperBound] {
            var new = Self.settings
            #expect(change(setting, to: .number(Int(number)), in: &new))
            #expect(new[setting] == .number(Int(number)))
        }
    }

    @Test func `reject time zones unknown to the system`() throws {
        let timezone = try #require(Setting.named("timezone"))
        var new = Self.settings
        #expect(!new.set(timezone, to: .text("Europe/Atlantis")) { _ in false })
        #expect(new == Self.settings)
    }

    @Test func `have names, columns and words of their own`() {
        let all = Setting.all
        #expect(all.count == 10)
        #expect(Set(all.map(\.key)).count == all.count && Set(all.map { $0.column.description }).count == all.count)
        #expect(Set(all.map(\.label)).count == all.count && Set(all.map(\.auditWord)).count == all.count)
        #expect(all.map(\.key).allSatisfy { Setting.named($0)?.key == $0 } && Setting.named("other") == nil)
    }

    @Test func `distinguish two webhooks that look alike, and show neither`() throws {
        let address = "https://discord.com/api/webhooks/123456789012345678/"
        var (old, new) = (Self.settings, Self.settings)
        let tokens = ["a", "b"].map { String(repeating: $0, count: 68) }
        old.alertWebhook = .known(try #require(DiscordWebhook(address + tokens[0])))
        new.alertWebhook = .known(try #require(DiscordWebhook(address + tokens[1])))
        let change = try #require(old.changes(to: new).first)
        #expect(change.setting == .alertWebhook)
        #expect(change.from == .text(address + "•••") && change.to == .text(address + "•••"))
    }

    @Test(arguments: ["EUR", "USD", "BRL", "JPY", "CHF", "ZWG"])
    func `accept the currencies of ISO 4217`(code: String) { #expect(Currency(code)?.code == code) }

    @Test(arguments: ["", "eur", "EU", "EURO", "XXX", "XAU", "ABC", "E\u{301}UR", "EUR ", "DEM"])
    func `reject other currencies`(code: String) { #expect(Currency(code) == nil) }

    @Test(arguments: ["localtime", "posixrules", "posix/Europe/Paris", "right/UTC", "Factory"])
    func `reject time zones that differ between machines`(name: String) throws {
        #expect(try #require(TimeZoneName(name)).isOfPlace == false)
    }
}
