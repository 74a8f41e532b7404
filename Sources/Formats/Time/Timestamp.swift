/// An instant with PostgreSQL's precision of a microsecond.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1 January 1970 UTC.
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    /// Saturates at the ends of the range of 64-bit microseconds, 292,000 years away.
    package init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        self.init(microseconds: overflow ? (seconds < 0 ? .min : .max) : product)
    }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { microseconds.dividedDown(by: 1_000_000).quotient }

    package func adding(seconds: Int64) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(Timestamp(seconds: seconds).microseconds)
        return Timestamp(microseconds: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Whole seconds from the other instant to this one, rounded down; negative if this one is earlier.
    package func seconds(since other: Timestamp) -> Int64 {
        let (gap, overflow) = microseconds.subtractingReportingOverflow(other.microseconds)
        return (overflow ? (self < other ? .min : .max) : gap).dividedDown(by: 1_000_000).quotient
    }

    /// The UTC day of the instant.
    package var dayInUTC: CalendarDay { CalendarDay(number: Int(seconds.dividedDown(by: Seconds.day).quotient)) }
}
