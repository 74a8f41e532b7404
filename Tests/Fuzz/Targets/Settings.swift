@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// Currencies, webhooks, permissions and numbers as pages show them.
    static let settings = FuzzTarget("settings") { bytes in
        let text = text(bytes)
        if let currency = Currency(text) { check(currency.code.hasSameBytes(as: text), "a code has one spelling") }
        if let webhook = DiscordWebhook(text) {
            check(webhook.address.hasSameBytes(as: text), "an address has one spelling")
            check(!"\(webhook)".utf8.elementsEqual(text.utf8), "a webhook is shown without its token")
            check(DiscordWebhook(webhook.masked) == nil, "a masked address is no address")
        }
        let permissions = Permissions(decimal: text)
        check(Permissions(decimal: permissions.decimal) == permissions, "permissions are read as they were written")
        if let id = GuildID(text) {
            check(id.description.hasSameBytes(as: text) && id.number > 0, "an id has one spelling")
        }
        var input = Input(bytes)
        let (number, whole) = (input.integer(), input.integer())
        check(NumberText.grouped(number).utf8.count <= 26, "a number is short")
        check(NumberText.compact(number).utf8.count <= 12, "a compact number is short")
        _ = (NumberText.bytes(number), NumberText.percent(number, of: whole))
        _ = NumberText.percent(Double(bitPattern: UInt64(bitPattern: number)))
    }
}
