internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The usage of a guild by day.
enum UsageEndpoints {
    static let usage = Path<GuildID>("/api/v1/guilds/{guildId}/usage")

    static let endpoints: [Endpoint] = [
        .guild(.get, usage, .api, needs: .viewer, "Read the usage", .json(UsageJSON.schema)) { call, access in
            let range = try UsageRange(call).days
            let days = try await call.database.read(Usage.days(range), in: access)
            return .json(capacity: 16_384) { UsageJSON.write(days, range, to: &$0) }
        }.takes(UsageRange.parameters)
    ]
}

/// The requested days: by default the last 30, at most 366.
struct UsageRange: Sendable {
    static let from = QueryParameter<CalendarDay>.day("from", "The first day (UTC); default: 29 days before `to`")
    static let to = QueryParameter<CalendarDay>.day("to", "The last day (UTC); default: today")

    static let parameters = [from.description, to.description]
    static let longest = 366

    let days: ClosedRange<CalendarDay>

    init(_ call: Call) throws(Rejection) {
        let to = try call.query(Self.to) ?? call.world.now().dayInUTC
        let from = try call.query(Self.from) ?? to.adding(days: -29)
        try call.requireOrder(Self.from, from, Self.to, to)
        guard to.days(since: from) < Self.longest else {
            throw .malformed(.init("from", "must be at most \(Self.longest - 1) days before the last day, \(to)"))
        }
        days = from...to
    }
}
