import Domain
import Formats
import Testing

@Suite struct `Settings of a server` {
    static let settings = ServerSettings(
        trackingEnabled: true, notificationsEnabled: true, statusNotices: false, timezone: .utc, currency: .usDollar,
        alertWebhook: .none, memberAccess: false, nearMissPercent: 80, checkIntervalMinutes: 60, postRetentionDays: nil)

    static let others = ServerSettings(
        trackingEnabled: false, notificationsEnabled: false, statusNotices: true,
        timezone: TimeZoneName("Europe/Paris") ?? .utc, currency: Currency("EUR") ?? .usDollar,
        alertWebhook: .unreadable, memberAccess: true, nearMissPercent: 90, checkIntervalMinutes: 30,
        postRetentionDays: 7)

    @Test func `that are the same have no change`() {
        #expect(Self.settings.changes(to: Self.settings) == [])
    }

    @Test(arguments: SettingsField.allCases)
    func `differ in the one field that is another's`(field: SettingsField) {
        let new = Self.settings.taking(field, from: Self.others)
        #expect(Self.settings.changes(to: new).map(\.field) == [field])
        #expect(Self.settings.changes(to: new).map(\.to) == [Self.others.value(of: field)])
        #expect(new.taking(field, from: Self.settings) == Self.settings)
    }

    @Test func `tell two webhooks apart that look alike, and show neither`() throws {
        let address = "https://discord.com/api/webhooks/123456789012345678/"
        var (old, new) = (Self.settings, Self.settings)
        let tokens = ["a", "b"].map { String(repeating: $0, count: 68) }
        old.alertWebhook = .known(try #require(DiscordWebhook(address + tokens[0])))
        new.alertWebhook = .known(try #require(DiscordWebhook(address + tokens[1])))
        let change = try #require(old.changes(to: new).first)
        #expect(change.field == .alertWebhookUrl)
        #expect(change.from == .text(address + "•••") && change.to == .text(address + "•••"))
    }

    @Test(arguments: ["EUR", "USD", "BRL", "JPY", "CHF", "ZWG"])
    func `know the currencies of ISO 4217`(code: String) { #expect(Currency(code)?.code == code) }

    @Test(arguments: ["", "eur", "EU", "EURO", "XXX", "XAU", "ABC", "E\u{301}UR", "EUR ", "DEM"])
    func `know no other currency`(code: String) { #expect(Currency(code) == nil) }

    @Test(arguments: ["localtime", "posixrules", "posix/Europe/Paris", "right/UTC", "Factory"])
    func `go by no zone that is another on each machine`(name: String) throws {
        #expect(try #require(TimeZoneName(name)).isOfPlace == false)
    }
}
