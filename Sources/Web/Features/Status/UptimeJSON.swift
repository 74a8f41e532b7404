internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The bot's public state and uptime, without data of any guild.
enum UptimeJSON {
    static let schema = Schema.named(
        "BotUptime",
        .object([
            .field("state", .words("BotState", BotState.self)), .field("since", .nullable(.time)),
            .field("lastHeartbeat", .nullable(.time)), .field("beatsMissed", .count),
            .field("startedAt", .nullable(.time)), .field("asOf", .time),
            .field("periods", .array(period)), .field("days", .array(day)), .field("incidents", .array(incident)),
        ]))

    private static let period = Schema.named(
        "UptimeOfPeriod",
        .object([.field("name", .named("UptimePeriod", .oneOf(["24h", "7d", "30d", "90d"])))] + uptime))

    private static let day = Schema.named("UptimeOfDay", .object([.field("day", .day)] + uptime))

    private static let incident = Schema.named(
        "BotIncident",
        .object([
            .field("state", .words("BotState", BotState.self)), .field("startedAt", .time),
            .field("endedAt", .nullable(.time)), .field("reason", .string()),
        ]))

    private static let uptime: [Schema.Field] = [
        .field("uptime", .nullable(.number)), .field("onlineSeconds", .count),
        .field("degradedSeconds", .count),
        .field("offlineSeconds", .count), .field("unknownSeconds", .count),
    ]

    static func write(_ status: BotStatus, _ history: BotHistory, to json: inout JSONWriter) {
        json.object { json in
            json.string("state", status.state.rawValue)
            json.time("since", status.since)
            json.time("lastHeartbeat", status.lastHeartbeat)
            json.integer("beatsMissed", status.beatsMissed)
            json.time("startedAt", status.startedAt)
            json.time("asOf", status.asOf)
            json.array("periods", history.periods) { json, period in
                json.object { json in
                    json.string("name", period.name)
                    write(period.uptime, to: &json)
                }
            }
            json.array("days", history.days) { json, day in
                json.object { json in
                    json.day("day", day.start.dayInUTC)
                    write(day, to: &json)
                }
            }
            json.array("incidents", history.incidents) { json, incident in
                json.object { json in
                    json.string("state", incident.state.rawValue)
                    json.time("startedAt", incident.startedAt)
                    json.time("endedAt", incident.endedAt)
                    json.string("reason", incident.reason)
                }
            }
        }
    }

    private static func write(_ uptime: BotUptime, to json: inout JSONWriter) {
        json.number("uptime", uptime.share)
        json.integer("onlineSeconds", Int64(saturating: uptime.online))
        json.integer("degradedSeconds", Int64(saturating: uptime.degraded))
        json.integer("offlineSeconds", Int64(saturating: uptime.offline))
        json.integer("unknownSeconds", Int64(saturating: uptime.unknown))
    }
}
