internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// An account's history by day, for its charts.
struct AccountSeries: Sendable {
    private static let length = 90

    let followers: DaySeries
    let views: DaySeries
    /// The gains of the seven whole days before today, and of the seven before those.
    let viewsOfWeek: Int64
    let viewsOfWeekBefore: Int64
    private let followersOfWeek: Int64?

    init(_ detail: AccountDetail, _ clock: PageClock) {
        let first = clock.today.adding(days: 1 - Self.length)
        let followers = Self.values(detail.followers.map { ($0.day, $0.followers) }, from: first)
        let gained = Self.values(detail.views.map { ($0.day, $0.gained) }, from: first)
        let known = followers.compactMap(\.self)
        let now = known.last.map { "\(NumberText.grouped($0)) now" } ?? "no data"
        self.followers = DaySeries(
            title: "Followers by day", unit: "followers", first: first, values: followers, readout: now)
        viewsOfWeek = gained.dropLast().suffix(7).compactMap(\.self).saturatingSum
        viewsOfWeekBefore = gained.dropLast(8).suffix(7).compactMap(\.self).saturatingSum
        let today = gained.last.flatMap(\.self).map { "\(NumberText.grouped($0)) today" } ?? "none yet today"
        views = DaySeries(title: "New views by day", unit: "views", first: first, values: gained, readout: today)
        let weekAgo = followers.dropLast(7).last(where: { $0 != nil })?.flatMap(\.self)
        followersOfWeek = known.last.flatMap { last in weekAgo.map { last.saturatingSubtract($0) } }
    }

    private static func values(_ points: [(CalendarDay, Int64)], from first: CalendarDay) -> [Int64?] {
        var values = [Int64?](repeating: nil, count: length)
        for (day, value) in points {
            let index = day.days(since: first)
            if values.indices.contains(index) { values[index] = value }
        }
        return values
    }

    var isEmpty: Bool { followers.known.isEmpty && views.known.isEmpty }

    var followerNote: String {
        guard let change = followersOfWeek else { return "less than a week of data" }
        if change == 0 { return "unchanged in 7 days" }
        return "\(change > 0 ? "+" : "−") \(NumberText.grouped(change.magnitude)) in 7 days"
    }

    var followerTone: StaticString? { followersOfWeek.flatMap { $0 > 0 ? "up" : $0 < 0 ? "down" : nil } }
}
