/// Local date and time in a time zone.
package struct LocalTime: Hashable, Sendable {
    package let day: CalendarDay
    package let hour, minute, second: Int
    /// Seconds east of UTC.
    package let offset: Int
    package let abbreviation: String

    /// For example `14:02`.
    package var clock: String { "\(hour.padded(2)):\(minute.padded(2))" }
}

extension TimeZoneRules {
    package func local(_ instant: Timestamp) -> LocalTime {
        let period = period(at: instant.seconds)
        let seconds = instant.seconds + Int64(period.offset)
        let (day, second) = seconds.dividedDown(by: Seconds.day)
        return LocalTime(
            day: CalendarDay(number: Int(day)), hour: Int(second / 3_600), minute: Int(second / 60 % 60),
            second: Int(second % 60), offset: period.offset, abbreviation: period.abbreviation)
    }

    /// The local day at that instant.
    package func day(of instant: Timestamp) -> CalendarDay { local(instant).day }

    /// The first instant of the local day.
    ///
    /// If midnight occurs twice, it is the first of the two. If clocks skip midnight, or the whole day, it is the
    /// instant of the change; a skipped day starts when the next one does.
    package func start(of day: CalendarDay) -> Timestamp { timestamp(day) }

    /// The instant of this local time.
    ///
    /// If the time occurs twice, it is the first of the two; if clocks skip it, it is the instant of the change.
    package func timestamp(_ day: CalendarDay, hour: Int = 0, minute: Int = 0, second: Int = 0) -> Timestamp {
        let shown = Int64(day.number) * Seconds.day + Int64(hour * 3_600 + minute * 60 + second)
        // No zone is a day or more away from UTC, and none changes its clocks twice in two days.
        let before = Int64(period(at: shown - Seconds.day).offset)
        let after = Int64(period(at: shown + Seconds.day).offset)
        let fitting = [before, after].filter { Int64(period(at: shown - $0).offset) == $0 }
        if let largest = fitting.max() { return Timestamp(seconds: shown - largest) }
        return Timestamp(seconds: jump(past: shown, from: shown - after, to: shown - before))
    }

    /// The first second in the range at which the clock shows that time or a later one.
    private func jump(past shown: Int64, from start: Int64, to end: Int64) -> Int64 {
        var (low, high) = (start, end)
        while low < high {
            let middle = (low + high).dividedDown(by: 2).quotient
            if middle + Int64(period(at: middle).offset) >= shown { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
