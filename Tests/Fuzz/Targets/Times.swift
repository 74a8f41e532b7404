@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    static let times = FuzzTarget("times") { bytes in
        let text = text(bytes)
        if let time = Timestamp.parse(text) {
            check(Timestamp.parse(time.iso8601) == time, "a time is read as it was written")
            check(Timestamp.parse(written(time)) == time, "a time of an answer is read as it was written")
            _ = (
                time.seconds, time.adding(seconds: .max), time.adding(seconds: .min),
                time.seconds(since: .init(seconds: 0))
            )
        }
        if let day = CalendarDay.parse(text) {
            check(day.iso8601.hasSameBytes(as: text), "a day has one spelling")
            let (year, month, date) = day.parts
            check(CalendarDay(year: year, month: month, day: date) == day, "a day is what its parts make")
            check(day.firstOfMonth <= day && day < day.firstOfNextMonth, "a day is in its month")
            _ = (day.weekday.name, day.long, day.short, TimeZoneRules.utc.start(of: day))
        }
        var input = Input(bytes)
        let any = Timestamp(seconds: input.integer())
        _ = (any.iso8601, any.seconds, any.dayInUTC.weekday, NumberText.compact(any.microseconds))
    }

    private static func written(_ time: Timestamp) -> String {
        var out = ByteWriter()
        out.plainTime(time)
        return out.text()
    }
}
