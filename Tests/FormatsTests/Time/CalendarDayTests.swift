import Formats
import Testing

@Suite struct `Calendar days` {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-08-06", 20_671), ("0001-01-01", -719_162),
        ("9999-12-31", 2_932_896),
    ])
    func `are read and written as ISO 8601`(text: String, number: Int) {
        #expect(CalendarDay.parse(text)?.number == number)
        #expect(CalendarDay(number: number).iso8601 == text)
    }

    @Test(arguments: [
        "2026-02-30", "2025-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00", "0000-01-01",
        "2026-1-01", "2026-01-1", "26-01-01", "20260101", "2026-01-01T", " 2026-01-01", "2026-01-01\n", "+026-01-01",
        "2026/01/01", "٢٠٢٦-01-01", "2026-01-0\u{301}1", "",
    ])
    func `that do not exist or are written otherwise are refused`(text: String) {
        #expect(CalendarDay.parse(text) == nil)
    }

    @Test func `go through every day of 800 years without a gap`() throws {
        var day = try #require(CalendarDay(year: 1599, month: 12, day: 31))
        var weekday = day.weekday.rawValue
        while day.year < 2400 {
            let next = day.adding(days: 1)
            let (year, month, number) = next.parts
            #expect(CalendarDay(year: year, month: month, day: number) == next)
            #expect(next.weekday.rawValue == weekday % 7 + 1)
            #expect(number == day.day + 1 || (number == 1 && next == day.firstOfNextMonth))
            weekday = next.weekday.rawValue
            day = next
        }
    }

    @Test func `have names`() throws {
        let day = try #require(CalendarDay.parse("2026-08-06"))
        #expect(day.weekday == .thursday)
        #expect(day.weekday.name == "Thursday")
        #expect(day.long == "6 August 2026")
        #expect(day.short == "6 Aug")
        #expect(day.firstOfMonth.iso8601 == "2026-08-01")
        #expect(day.firstOfNextMonth.iso8601 == "2026-09-01")
        #expect(day.adding(days: 30).days(since: day) == 30)
    }
}
