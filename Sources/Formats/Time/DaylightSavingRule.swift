/// The yearly rule of a zone after its last listed change: the footer of a zone file.
package struct DaylightSavingRule: Sendable {
    package let standard: TimeZoneRules.Period
    /// Nil if the zone does not change its clocks.
    package let summer: Summer?

    package struct Summer: Sendable {
        package let period: TimeZoneRules.Period
        package let start, end: YearlyMoment
    }

    /// A moment of each year, on the clock before the change.
    package struct YearlyMoment: Sendable {
        package let day: Day
        /// Seconds from the start of the day, from -167 to 167 hours, so it may reach into other days.
        package let time: Int

        package enum Day: Sendable {
            /// The weekday (0 is Sunday) of the week 1 to 5 of a month; week 5 is the last.
            case weekday(Int, week: Int, month: Int)
            /// From 0 to 365, counting a leap day.
            case ofYear(Int)
            /// From 1 to 365; 60 is 1 March in every year.
            case ofYearWithoutLeapDay(Int)
        }
    }

    package func period(at seconds: Int64) -> TimeZoneRules.Period {
        guard let summer else { return standard }
        let local = seconds.addingReportingOverflow(Int64(standard.offset)).partialValue
        let year = CalendarDay(number: Int(local.dividedDown(by: Seconds.day).quotient)).year
        let start = summer.start.seconds(in: year) - Int64(standard.offset)
        let end = summer.end.seconds(in: year) - Int64(summer.period.offset)
        // South of the equator summer time spans the new year.
        let isSummer = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isSummer ? summer.period : standard
    }
}

extension DaylightSavingRule.YearlyMoment {
    /// Seconds since 1970 on the local clock.
    package func seconds(in year: Int) -> Int64 { Int64(dayNumber(in: year)) * Seconds.day + Int64(time) }

    private func dayNumber(in year: Int) -> Int {
        let newYear = CalendarDay.number(year: year, month: 1, day: 1)
        switch day {
        case .ofYear(let number): return newYear + number
        case .ofYearWithoutLeapDay(let number):
            return newYear + number - 1 + (number >= 60 && CalendarDay.isLeap(year) ? 1 : 0)
        case .weekday(let weekday, let week, let month):
            let first = CalendarDay(number: CalendarDay.number(year: year, month: month, day: 1))
            let untilFirst = (weekday - first.weekday.rawValue + 7) % 7
            let number = untilFirst + (week - 1) * 7
            return first.number + (number < CalendarDay.daysIn(month: month, year: year) ? number : number - 7)
        }
    }
}
