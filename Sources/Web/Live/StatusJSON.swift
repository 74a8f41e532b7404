internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The bot's state in the API and the live stream.
enum StatusJSON {
    static let schema = Schema.named(
        "BotStatus",
        .object([
            .field("state", .words("BotState", BotState.self)),
            .field("reasons", .array(.words("BotReason", BotReason.self))),
            .field("since", .nullable(.time)),
            .field("lastHeartbeat", .nullable(.time)),
            .field("beatsMissed", .count),
            .field("startedAt", .nullable(.time)),
            .field("shardCount", .count),
            .field("shardsDown", .count),
            .field("guildCount", .count),
            .field("latencyMs", .nullable(.count)),
            .field("version", .nullable(.string())),
            .field("queueDepth", .nullable(.count)),
            .field("queueAsOf", .nullable(.time)),
            .field("asOf", .time),
        ]))

    static func write(_ status: BotStatus, _ queue: BotQueue?, to json: inout JSONWriter) {
        json.string("state", status.state.rawValue)
        json.array("reasons", status.reasons) { $0.string($1.rawValue) }
        json.time("since", status.since)
        json.time("lastHeartbeat", status.lastHeartbeat)
        json.integer("beatsMissed", status.beatsMissed)
        json.time("startedAt", status.startedAt)
        json.integer("shardCount", status.shardCount)
        json.integer("shardsDown", status.shardsDown)
        json.integer("guildCount", status.guildCount)
        json.integer("latencyMs", status.latencyMilliseconds)
        json.string("version", status.version)
        json.integer("queueDepth", queue?.depth)
        json.time("queueAsOf", queue?.updatedAt)
        json.time("asOf", status.asOf)
    }
}
