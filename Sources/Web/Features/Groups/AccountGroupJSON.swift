internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Account groups in the API.
enum AccountGroupJSON {
    static let schema = Schema.named(
        "AccountGroup",
        .object([
            .field("id", .id), .field("name", .string()),
            .field("brand", BrandJSON.reference),
            .field("accountCount", .count), .field("postCount", .count), .field("createdAt", .time),
            .field("version", .version),
        ]))

    /// The group that an object belongs to.
    static let reference = Schema.named(
        "AccountGroupReference", .object([.field("id", .id), .field("name", .string())]))

    private static let name = Schema.text(minimum: 1, maximum: 100)

    static let input = Schema.named("AccountGroupInput", .object([.field("name", name), .field("brandId", .id)]))

    static let change = Schema.named(
        "AccountGroupChange", .object([.optional("name", name), .optional("brandId", .id)]))

    static func readInput(_ json: JSONValue) throws(Rejection) -> AccountGroupDraft {
        try ObjectReader.read(json) { fields in
            let name = fields.required("name", .cleaned(TrackedText.name))
            let brand = fields.required("brandId", .identifier(BrandID.self))
            return if let name, let brand { AccountGroupDraft(name: name, brand: brand) } else { nil }
        }
    }

    static func readChange(_ json: JSONValue) throws(Rejection) -> AccountGroupChange {
        try ObjectReader.read(json) { fields in
            AccountGroupChange(
                name: fields.ifGiven("name", .cleaned(TrackedText.name)),
                brand: fields.ifGiven("brandId", .identifier(BrandID.self)))
        }
    }

    static func write(_ group: AccountGroup, to json: inout JSONWriter) {
        json.id("id", group.id)
        json.string("name", group.name)
        json.object("brand") { json in
            json.id("id", group.brand)
            json.string("name", group.brandName)
        }
        json.integer("accountCount", group.accountCount)
        json.integer("postCount", group.postCount)
        json.time("createdAt", group.createdAt)
        json.integer("version", group.version)
    }
}
