package import Domain
package import Formats
internal import HTTP
internal import Persistence

/// An API key in the API, and the input to create one.
package enum APIKeyJSON {
    private static let fields: [Schema.Field] = [
        .field("id", .id), .field("name", .string()), .field("key", .string()),
        .field("scopes", .array(.words("ApiScope", APIScope.self))), .field("createdAt", .time),
        .field("lastUsedAt", .nullable(.time)), .field("endsAt", .nullable(.time)),
    ]

    static let schema = Schema.named("ApiKey", .object(fields))
    static let made = Schema.named("NewApiKey", .object(fields + [.field("secret", .string())]))

    static let input = Schema.named(
        "ApiKeyInput",
        .object([
            .field("name", .text(minimum: 1, maximum: 100)),
            .field("scopes", .array(scopeOfGuild, count: 1...APIScope.ofGuild.count)),
        ]))

    private static let scopeOfGuild = Schema.named("ApiScopeOfGuild", .oneOf(APIScope.ofGuild.map(\.rawValue)))

    static let rotation = Schema.named(
        "ApiKeyRotation",
        .object([.optional("overlapHours", .integer(Int(overlap.lowerBound)...Int(overlap.upperBound)))]))

    /// Overlap in hours: after a rotation, both keys work for this time.
    package static let overlap: ClosedRange<Int64> = 0...168
    package static let usualOverlap: Int64 = 24

    static func read(_ json: JSONValue) throws(Rejection) -> APIKeyDraft {
        try ObjectReader.read(json) { fields in
            let name = fields.required("name", .text(.line(100)))
            let scopes = fields.required("scopes", .list(of: scope, count: 1...APIScope.ofGuild.count))
            return if let name, let scopes { APIKeyDraft(name: name, scopes: Set(scopes).sorted()) } else { nil }
        }
    }

    private static let scope = FieldRule<APIScope>(
        "must be one of: \(APIScope.ofGuild.map(\.rawValue).joined(separator: ", "))."
    ) { json in
        json.string.flatMap { text in APIScope.ofGuild.first { $0.rawValue == text } }
    }

    static func readOverlap(_ json: JSONValue) throws(Rejection) -> Int64 {
        try ObjectReader.read(json) { fields in
            fields.optional("overlapHours", .integer(in: overlap)).map { $0 } ?? usualOverlap
        }
    }

    package static func write(_ key: APIKey, secret: String? = nil, to json: inout JSONWriter) {
        json.id("id", key.id)
        json.string("name", key.name)
        json.string("key", key.publicID)
        json.array("scopes", key.scopes) { json, scope in json.string(scope.rawValue) }
        json.time("createdAt", key.created)
        json.time("lastUsedAt", key.lastUsed)
        json.time("endsAt", key.expires)
        if let secret { json.string("secret", secret) }
    }
}
