package import Formats

/// A horizontal axis over days.
package struct DayAxis: Hashable, Sendable {
    package let first, last: CalendarDay
    /// The labelled days: every day, every second, each Monday and so on, or the firsts of months.
    package let ticks: [CalendarDay]

    /// An axis with at most that many ticks.
    package init(from first: CalendarDay, to last: CalendarDay, maxTicks: Int = 7) {
        self.first = min(first, last)
        self.last = max(first, last)
        ticks = Self.ticks(from: self.first, to: self.last, maxTicks: max(1, maxTicks))
    }

    package var count: Int { last.days(since: first) + 1 }

    private static func ticks(from first: CalendarDay, to last: CalendarDay, maxTicks: Int) -> [CalendarDay] {
        let count = last.days(since: first) + 1
        if let step = [1, 2].first(where: { (count + $0 - 1) / $0 <= maxTicks }) {
            return stride(from: first.number, through: last.number, by: step).map(CalendarDay.init(number:))
        }
        let monday = first.adding(days: (8 - first.weekday.rawValue) % 7)
        for weeks in [1, 2] where (count + 7 * weeks - 1) / (7 * weeks) <= maxTicks {
            return stride(from: monday.number, through: last.number, by: 7 * weeks).map(CalendarDay.init(number:))
        }
        return months(from: first, to: last, maxTicks: maxTicks)
    }

    private static func months(from first: CalendarDay, to last: CalendarDay, maxTicks: Int) -> [CalendarDay] {
        let months = (last.year - first.year) * 12 + last.month - first.month + 1
        let step = [1, 2, 3, 6, 12].first { months / $0 < maxTicks } ?? (months / 12 / maxTicks + 1) * 12
        var ticks: [CalendarDay] = []
        var day = first.day == 1 ? first : first.firstOfNextMonth
        while day <= last {
            if (day.year * 12 + day.month - 1).isMultiple(of: step) { ticks.append(day) }
            day = day.firstOfNextMonth
        }
        return ticks
    }
}
