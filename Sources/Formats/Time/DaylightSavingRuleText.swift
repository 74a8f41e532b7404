/// The `TZ` text of POSIX with the extensions of RFC 9636: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+01>-1`.
extension DaylightSavingRule {
    package static func parse(_ text: some Sequence<UInt8>) -> DaylightSavingRule? {
        var cursor = ByteCursor(Array(text))
        guard let name = abbreviation(&cursor), let west = clock(&cursor) else { return nil }
        let standard = TimeZoneRules.Period(offset: -west, abbreviation: name)
        if cursor.isAtEnd { return DaylightSavingRule(standard: standard, summer: nil) }
        guard let summerName = abbreviation(&cursor) else { return nil }
        var offset = standard.offset + 3_600
        if cursor.next != UInt8(ascii: ",") {
            guard let west = clock(&cursor) else { return nil }
            offset = -west
        }
        guard cursor.take(","), let start = moment(&cursor), cursor.take(","), let end = moment(&cursor),
            cursor.isAtEnd
        else { return nil }
        let period = TimeZoneRules.Period(offset: offset, abbreviation: summerName)
        return DaylightSavingRule(standard: standard, summer: Summer(period: period, start: start, end: end))
    }

    private static func abbreviation(_ cursor: inout ByteCursor) -> String? {
        let isQuoted = cursor.take("<")
        let name = cursor.take { byte in
            byte.isASCIILetter || isQuoted && (byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"))
        }
        guard name.count >= 3, !isQuoted || cursor.take(">") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func clock(_ cursor: inout ByteCursor) -> Int? {
        let isNegative = cursor.take("-")
        if !isNegative { _ = cursor.take("+") }
        guard let hours = number(&cursor, in: 0...167) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where cursor.take(":") {
            guard let part = cursor.digits(2), part < 60 else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    private static func moment(_ cursor: inout ByteCursor) -> YearlyMoment? {
        guard let day = day(&cursor) else { return nil }
        // The default is two in the morning.
        guard cursor.take("/") else { return YearlyMoment(day: day, time: 7_200) }
        return clock(&cursor).map { YearlyMoment(day: day, time: $0) }
    }

    private static func day(_ cursor: inout ByteCursor) -> YearlyMoment.Day? {
        if cursor.take("J") { return number(&cursor, in: 1...365).map(YearlyMoment.Day.ofYearWithoutLeapDay) }
        guard cursor.take("M") else { return number(&cursor, in: 0...365).map(YearlyMoment.Day.ofYear) }
        guard let month = number(&cursor, in: 1...12), cursor.take("."), let week = number(&cursor, in: 1...5),
            cursor.take("."), let weekday = number(&cursor, in: 0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: month)
    }

    private static func number(_ cursor: inout ByteCursor, in range: ClosedRange<Int>) -> Int? {
        let digits = cursor.take(while: \.isDigit)
        guard (1...3).contains(digits.count) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return range.contains(number) ? number : nil
    }
}
