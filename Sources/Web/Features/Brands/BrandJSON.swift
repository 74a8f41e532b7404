internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Brands in the API.
enum BrandJSON {
    static let schema = Schema.named(
        "Brand",
        .object([
            .field("id", .id), .field("name", .string()), .field("groupCount", .count),
            .field("accountCount", .count), .field("postCount", .count), .field("createdAt", .time),
            .field("version", .version),
        ]))

    /// The brand that an object belongs to.
    static let reference = Schema.named("BrandReference", .object([.field("id", .id), .field("name", .string())]))

    private static let name = Schema.text(minimum: 1, maximum: 100)

    static let input = Schema.named("BrandInput", .object([.field("name", name)]))

    static let change = Schema.named("BrandChange", .object([.optional("name", name)]))

    static func readInput(_ json: JSONValue) throws(Rejection) -> String {
        try ObjectReader.read(json) { $0.required("name", .cleaned(TrackedText.name)) }
    }

    /// - Returns: `.absent` if the name stays unchanged.
    static func readChange(_ json: JSONValue) throws(Rejection) -> Given<String> {
        try ObjectReader.read(json) { $0.ifGiven("name", .cleaned(TrackedText.name)).map(Given.value) ?? .absent }
    }

    static func write(_ brand: Brand, to json: inout JSONWriter) {
        json.id("id", brand.id)
        json.string("name", brand.name)
        json.integer("groupCount", brand.groupCount)
        json.integer("accountCount", brand.accountCount)
        json.integer("postCount", brand.postCount)
        json.time("createdAt", brand.createdAt)
        json.integer("version", brand.version)
    }
}
