internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The rejected items of bots in the API.
enum RejectedItemJSON {
    static let items = Path<GuildID>("/api/v1/guilds/{guildId}/rejected-items")

    static let endpoint: Endpoint = .guild(
        .get, items, .api, needs: APIKeyEndpoints.rule, "List the last items of bots that were rejected",
        .json(.page("RejectedItemList", of: schema))
    ) { call, access in
        .list(try await call.database.read(RejectedItems.list, in: access)) { json, item in
            json.object { write(item, to: &$0) }
        }
    }

    private static let schema = Schema.named(
        "RejectedItem",
        .object([
            .field("rejectedAt", .time), .field("batch", .words("BotBatch", RejectedItem.Batch.self)),
            .field("index", .count), .field("field", .nullable(.string())), .field("reason", .string()),
            .field("message", .string()), .field("item", .string()),
            .field("sender", .named("BotSender", .oneOf(["sql", "key", "installation_key"]))),
            .field("keyName", .nullable(.string())),
        ]))

    private static func write(_ item: RejectedItem, to json: inout JSONWriter) {
        json.time("rejectedAt", item.rejectedAt)
        json.string("batch", item.batch.rawValue)
        json.integer("index", item.place)
        json.string("field", item.field)
        json.string("reason", item.reason)
        json.string("message", item.message)
        json.string("item", item.item)
        switch item.sender {
        case .sql:
            json.string("sender", "sql")
            json.string("keyName", nil)
        case .key(let name):
            json.string("sender", name == nil ? "installation_key" : "key")
            json.string("keyName", name)
        }
    }
}
