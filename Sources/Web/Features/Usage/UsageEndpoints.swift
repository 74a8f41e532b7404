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
    /// The number of days without a choice.
    static let usual = 30

    let days: ClosedRange<CalendarDay>

    init(_ call: Call) throws(Rejection) {
        let asked = try Asked(call)
        try call.requireOrder(Self.from, asked.from, Self.to, asked.to)
        if let fault = asked.fault { throw .malformed(.init("from", fault)) }
        days = asked.from...asked.to
    }

    /// The days as they were asked for, which may be no range.
    struct Asked: Sendable {
        let from: CalendarDay
        let to: CalendarDay

        init(_ call: Call) throws(Rejection) {
            to = try call.query(UsageRange.to) ?? call.world.now().dayInUTC
            from = try call.query(UsageRange.from) ?? to.adding(days: 1 - UsageRange.usual)
        }

        /// The error of the first day; nil if the days are a range.
        var fault: String? {
            if let fault = CalendarDay.fault(from: from, to: to) { return fault }
            let longest = UsageRange.longest
            return to.days(since: from) < longest
                ? nil : "must be at most \(longest - 1) days before the last day, \(to)"
        }
    }
}
