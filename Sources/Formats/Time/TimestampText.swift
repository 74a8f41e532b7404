extension Timestamp: CustomStringConvertible {
    /// The years 0001 to 9999: ISO 8601 writes years with four digits.
    private static let written =
        Int64(CalendarDay.number(year: 1, month: 1, day: 1)) * Seconds.day..<Int64(
            CalendarDay.number(year: 10_000, month: 1, day: 1)) * Seconds.day

    /// Parses RFC 3339, `2026-08-06T14:02:03Z` or `2026-08-06T16:02:03.25+02:00`; nil for other text, a day or time
    /// that does not exist (leap seconds too), or more than six digits of fraction.
    package static func parse(_ text: some StringProtocol) -> Timestamp? {
        var cursor = ByteCursor(text)
        guard let day = CalendarDay.parse(&cursor), cursor.take("T"), let hour = cursor.digits(2), hour < 24,
            cursor.take(":"), let minute = cursor.digits(2), minute < 60, cursor.take(":"),
            let second = cursor.digits(2), second < 60, let fraction = parseFraction(&cursor),
            let offset = parseOffset(&cursor), cursor.isAtEnd
        else { return nil }
        let seconds = Int64(day.number) * Seconds.day + Int64(hour * 3_600 + minute * 60 + second - offset)
        guard written.contains(seconds) else { return nil }
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    /// Microseconds; zero without a fraction.
    private static func parseFraction(_ cursor: inout ByteCursor) -> Int64? {
        guard cursor.take(".") else { return 0 }
        let digits = cursor.take(while: \.isDigit)
        guard (1...6).contains(digits.count) else { return nil }
        let padded = digits + Array(repeating: UInt8(ascii: "0"), count: 6 - digits.count)
        return padded.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Seconds east of UTC.
    private static func parseOffset(_ cursor: inout ByteCursor) -> Int? {
        if cursor.take("Z") { return 0 }
        let isWest = cursor.take("-")
        guard isWest || cursor.take("+"), let hours = cursor.digits(2), hours < 24, cursor.take(":"),
            let minutes = cursor.digits(2), minutes < 60
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }

    /// `2026-08-06T14:02:03Z`, with three or six digits of fraction if it has one.
    package var iso8601: String {
        let (seconds, fraction) = microseconds.dividedDown(by: 1_000_000)
        let second = seconds.dividedDown(by: Seconds.day).remainder
        let time = "\((second / 3_600).padded(2)):\((second / 60 % 60).padded(2)):\((second % 60).padded(2))"
        return "\(dayInUTC.iso8601)T\(time)\(Self.written(fraction: fraction))Z"
    }

    package var description: String { iso8601 }

    private static func written(fraction: Int64) -> String {
        if fraction == 0 { return "" }
        if fraction.isMultiple(of: 1_000) { return ".\((fraction / 1_000).padded(3))" }
        return ".\(fraction.padded(6))"
    }
}
