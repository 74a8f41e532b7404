internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The requests of bots, and the responses to them.
enum BotJSON {
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

    private static let statuses = BotState.Report.allCases.map(\.rawValue)

    static func readHeartbeat(_ json: JSONValue) throws(Rejection) -> Heartbeat {
        try ObjectReader.read(json) { fields in
            var beat = Heartbeat()
            beat.instance = fields.optional("instance", .whole(in: 1...10_000)).map(Int.init) ?? 1
            beat.status = fields.optional("status", status)
            beat.shardCount = fields.optional("shardCount", .whole(in: count)).map(Int.init)
            beat.shardsDown = fields.optional("shardsDown", .whole(in: count)).map(Int.init)
            beat.guildCount = fields.optional("guildCount", .whole(in: count)).map(Int.init)
            beat.version = fields.optional("version", .text(.line(64)))
            beat.latencyMilliseconds = fields.optional("latencyMs", .whole(in: count)).map(Int.init)
            beat.startedAt = fields.optional("startedAt", .timestamp)
            return beat
        }
    }

    private static let status = FieldRule<BotState.Report>("must be one of: \(statuses.joined(separator: ", ")).") {
        json in
        json.string.flatMap { BotState.Report(rawValue: $0) }
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
