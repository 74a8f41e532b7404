package import Domain

extension ByteWriter {
    /// ISO 8601 in UTC with its quotes, as JSON has it: to the second, or with six digits where there is a fraction.
    package mutating func time(_ time: Timestamp) {
        byte(UInt8(ascii: "\""))
        plainTime(time)
        byte(UInt8(ascii: "\""))
    }

    package mutating func plainTime(_ time: Timestamp) {
        let day = time.dayInUTC
        let micros = time.microseconds - Int64(day.number) * 86_400_000_000
        plainDay(day)
        byte(UInt8(ascii: "T"))
        let seconds = micros / 1_000_000
        twoDigits(seconds / 3_600)
        byte(UInt8(ascii: ":"))
        twoDigits(seconds / 60 % 60)
        byte(UInt8(ascii: ":"))
        twoDigits(seconds % 60)
        let fraction = micros % 1_000_000
        if fraction != 0 {
            byte(UInt8(ascii: "."))
            twoDigits(fraction / 10_000)
            twoDigits(fraction / 100 % 100)
            twoDigits(fraction % 100)
        }
        byte(UInt8(ascii: "Z"))
    }

    package mutating func plainDay(_ day: CalendarDay) {
        let (year, month, dayOfMonth) = day.parts
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
