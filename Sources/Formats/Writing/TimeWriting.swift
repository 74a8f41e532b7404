extension ByteWriter {
    /// ISO 8601 in UTC with quotes, for JSON: to the second, or with six digits if there is a fraction.
    package mutating func time(_ time: Timestamp) {
        byte(UInt8(ascii: "\""))
        plainTime(time)
        byte(UInt8(ascii: "\""))
    }

    package mutating func plainTime(_ time: Timestamp) {
        let (instant, fraction) = time.microseconds.dividedDown(by: 1_000_000)
        let (day, seconds) = instant.dividedDown(by: Seconds.day)
        plainDay(CalendarDay(number: Int(day)))
        byte(UInt8(ascii: "T"))
        twoDigits(seconds / 3_600)
        byte(UInt8(ascii: ":"))
        twoDigits(seconds / 60 % 60)
        byte(UInt8(ascii: ":"))
        twoDigits(seconds % 60)
        if fraction != 0 {
            byte(UInt8(ascii: "."))
            twoDigits(fraction / 10_000)
            twoDigits(fraction / 100 % 100)
            twoDigits(fraction % 100)
        }
        byte(UInt8(ascii: "Z"))
    }

    /// A year has four digits.
    ///
    /// Years before 0 and after 9999 are clamped; the schema rejects them anyway.
    package mutating func plainDay(_ day: CalendarDay) {
        let (counted, month, dayOfMonth) = day.parts
        let year = min(max(counted, 0), 9_999)
        twoDigits(Int64(year / 100))
        twoDigits(Int64(year % 100))
        byte(UInt8(ascii: "-"))
        twoDigits(Int64(month))
        byte(UInt8(ascii: "-"))
        twoDigits(Int64(dayOfMonth))
    }

    @inline(__always) private mutating func twoDigits(_ value: Int64) {
        byte(UInt8(truncatingIfNeeded: 48 + value / 10))
        byte(UInt8(truncatingIfNeeded: 48 + value % 10))
    }
}
