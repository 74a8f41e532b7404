internal import Persistence

/// Brands as the API says them.
enum BrandJSON {
    static let schema = Schema.named(
        "Brand",
        .object([
            .field("id", .id), .field("name", .string()), .field("groupCount", .integer()),
            .field("accountCount", .integer()), .field("postCount", .integer()), .field("createdAt", .time),
            .field("version", .integer()),
        ]))

    static func write(_ brand: Brands.Brand, to json: inout JSONWriter) {
        json.id("id", brand.id)
        json.string("name", brand.name)
        json.integer("groupCount", brand.groupCount)
        json.integer("accountCount", brand.accountCount)
        json.integer("postCount", brand.postCount)
        json.time("createdAt", brand.createdAt)
        json.integer("version", brand.version)
    }
}

/// Account groups as the API says them.
enum AccountGroupJSON {
    static let schema = Schema.named(
        "AccountGroup",
        .object([
            .field("id", .id), .field("name", .string()),
            .field("brand", .object([.field("id", .id), .field("name", .string())])),
            .field("accountCount", .integer()), .field("postCount", .integer()), .field("createdAt", .time),
            .field("version", .integer()),
        ]))

    static func write(_ group: AccountGroups.Group, to json: inout JSONWriter) {
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
