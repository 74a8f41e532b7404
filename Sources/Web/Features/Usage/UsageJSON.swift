internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Usage in the API.
enum UsageJSON {
    static let schema = Schema.named(
        "Usage",
        .object([
            .field("from", .day), .field("to", .day),
            .field("days", .array(day, count: 0...UsageRange.longest)),
            // Plans do not exist yet: always null.
            .field("limits", .nullable(.named("UsageLimits", .object([])))),
        ]))

    private static let day = Schema.named(
        "UsageOfDay",
        .object([
            .field("day", .day), .field("accounts", .count), .field("posts", .count), .field("apiRequests", .count),
            .field("exports", .count), .field("imports", .count), .field("alerts", .count),
        ]))

    static func write(_ days: [UsageDay], _ range: ClosedRange<CalendarDay>, to json: inout JSONWriter) {
        json.object { json in
            json.day("from", range.lowerBound)
            json.day("to", range.upperBound)
            json.array("days", days) { json, day in
                json.object { json in
                    json.day("day", day.day)
                    json.integer("accounts", day.accounts)
                    json.integer("posts", day.posts)
                    json.integer("apiRequests", day.apiRequests)
                    json.integer("exports", day.exports)
                    json.integer("imports", day.imports)
                    json.integer("alerts", day.alerts)
                }
            }
            json.string("limits", nil)
        }
    }
}
