/// Years, months and days from day numbers and back, after Howard Hinnant's "chrono-compatible low-level date algorithms".
///
/// A computed year begins on 1 March, so that the leap day is its last; an era is 400 years or 146,097 days, and
/// 719,468 days lie between 1 March of year 0 and 1 January 1970.
extension CalendarDay {
    package var year: Int { parts.year }
    /// From 1 to 12.
    package var month: Int { parts.month }
    /// From 1 to 31.
    package var day: Int { parts.day }

    package var parts: (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (number + 719_468).dividedDown(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    package var firstOfMonth: CalendarDay { adding(days: 1 - day) }

    package var firstOfNextMonth: CalendarDay {
        let (year, month, _) = parts
        return firstOfMonth.adding(days: Self.daysIn(month: month, year: year))
    }

    package static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    /// The month is 1…12.
    package static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func number(year: Int, month: Int, day: Int) -> Int {
        let (era, yearOfEra) = (month <= 2 ? year - 1 : year).dividedDown(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
