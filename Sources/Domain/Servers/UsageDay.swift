package import Formats

package struct UsageDay: Sendable, Equatable {
    package let day: CalendarDay
    /// Levels at the end of the day.
    package var accounts: Int64 = 0
    package var posts: Int64 = 0
    /// Events during the day.
    package var apiRequests: Int64 = 0
    package var exports: Int64 = 0
    package var imports: Int64 = 0
    package var alerts: Int64 = 0

    package init(day: CalendarDay) { self.day = day }
}
