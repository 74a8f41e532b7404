/// A day of the Gregorian calendar, without a time and without a time zone.
package struct CalendarDay: Hashable, Comparable, Sendable {
    /// Days since 1 January 1970.
    package let number: Int

    /// Clamped to ±10^12, some 2.7 billion years away, so that date arithmetic fits 64 bits.
    package init(number: Int) { self.number = min(max(number, -Self.limit), Self.limit) }

    private static let limit = 1_000_000_000_000

    /// Nil if there is no such day, for example 30 February, or the year is not in 1…9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysIn(month: month, year: year)
        else { return nil }
        self.init(number: Self.number(year: year, month: month, day: day))
    }

    /// Parses `YYYY-MM-DD` only; nil if there is no such day.
    package static func parse(_ text: some StringProtocol) -> CalendarDay? {
        var cursor = ByteCursor(text)
        guard let day = parse(&cursor), cursor.isAtEnd else { return nil }
        return day
    }

    package static func parse(_ cursor: inout ByteCursor) -> CalendarDay? {
        guard let year = cursor.digits(4), cursor.take("-"), let month = cursor.digits(2), cursor.take("-"),
            let day = cursor.digits(2)
        else { return nil }
        return CalendarDay(year: year, month: month, day: day)
    }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    package func adding(days: Int) -> CalendarDay { CalendarDay(number: number.saturatingAdd(days)) }

    /// The number of days from the other to this one; negative if this one is earlier.
    package func days(since other: CalendarDay) -> Int { number - other.number }

    package var weekday: Weekday {
        // 1 January 1970 was a Thursday.
        Weekday.allCases[(number + 3).dividedDown(by: 7).remainder]
    }
}

/// A day of the week; the raw value is that of ISO 8601.
package enum Weekday: Int, CaseIterable, Sendable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    package var name: String { "\(self)".prefix(1).uppercased() + "\(self)".dropFirst() }
}
