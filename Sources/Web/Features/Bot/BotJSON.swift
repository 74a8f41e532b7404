internal import Domain
internal import Formats
internal import HTTP

/// The requests of bots, and the responses to them.
enum BotJSON {
    struct Heartbeat {
        var instance: Int64?
        var status: String?
        var shardCount: Int64?
        var shardsDown: Int64?
        var guildCount: Int64?
        var version: String?
        var latencyMilliseconds: Int64?
        var startedAt: Timestamp?
    }

    struct Queue {
        let depth: Int64
        let oldestAgeSeconds: Int64?
    }

    private static let count: ClosedRange<Int64> = 0...Int64(Int32.max)
    private static let number = Schema.integer(0...Int(Int32.max))

    static let state = Schema.named("BotStateAnswer", .object([.field("state", .words("BotState", BotState.self))]))

    static let heartbeat = Schema.named(
        "BotHeartbeat",
        .object([
            .optional("instance", .integer(1...10_000)), .optional("status", .named("BotCondition", .oneOf(statuses))),
            .optional("shardCount", number), .optional("shardsDown", number),
            .optional("guildCount", number), .optional("version", .text(maximum: 64)),
            .optional("latencyMs", number), .optional("startedAt", .time),
        ]))

    private static let statuses = ["healthy", "degraded", "stopping"]

    static func readHeartbeat(_ json: JSONValue) throws(Rejection) -> Heartbeat {
        try ObjectReader.read(json) { fields in
            Heartbeat(
                // Missing fields are passed to the function as null, except this one.
                instance: fields.optional("instance", .whole(in: 1...10_000)) ?? 1,
                status: fields.optional("status", status),
                shardCount: fields.optional("shardCount", .whole(in: count)),
                shardsDown: fields.optional("shardsDown", .whole(in: count)),
                guildCount: fields.optional("guildCount", .whole(in: count)),
                version: fields.optional("version", .text(.line(64))),
                latencyMilliseconds: fields.optional("latencyMs", .whole(in: count)),
                startedAt: fields.optional("startedAt", .timestamp))
        }
    }

    private static let status = FieldRule<String>("must be one of: \(statuses.joined(separator: ", ")).") { json in
        json.string.flatMap { text in statuses.first { $0 == text } }
    }

    static let guild = Schema.named(
        "BotGuild", .object([.field("name", .text(minimum: 1, maximum: 100)), .optional("icon", .nullable(.string()))]))

    /// As `bot.guild_joined`: cleaned, because a bot cannot change the name of a guild.
    private static let guildName = FieldRule<String>("must have 1 to 100 characters.") { json in
        guard let text = json.string, !text.isEmpty, text.utf8.count <= 10_000 else { return nil }
        let name = NameRule.cleaned(text, .max) ?? "Unnamed server"
        return name.unicodeScalars.count <= 100 ? name : nil
    }

    static func readGuild(_ json: JSONValue) throws(Rejection) -> (name: String, icon: String?) {
        try ObjectReader.read(json) { fields in
            let name = fields.required("name", guildName)
            let icon = fields.optional("icon", .text(.line(64)))
            return name.map { ($0, icon) }
        }
    }

    static let queue = Schema.named(
        "BotQueue", .object([.field("depth", number), .optional("oldestAgeSeconds", .nullable(number))]))

    static func readQueue(_ json: JSONValue) throws(Rejection) -> Queue {
        try ObjectReader.read(json) { fields in
            let depth = fields.required("depth", .whole(in: count))
            let age = fields.optional("oldestAgeSeconds", .whole(in: count))
            return depth.map { Queue(depth: $0, oldestAgeSeconds: age) }
        }
    }
}
