/// How long ago or how far ahead an instant is, in words.
package enum RelativeTime {
    /// As in `just now`, `12 s ago`, `in 3 min`, `2 h ago` and `59 d ago`; from 60 days on the day itself, `27 Mar 2025`.
    ///
    /// Lengths are rounded down. The pages' script goes on from here, so its wording is the same.
    package static func text(_ instant: Timestamp, now: Timestamp, in zone: TimeZoneRules = .utc) -> String {
        let isPast = instant <= now
        let seconds = isPast ? now.seconds(since: instant) : instant.seconds(since: now)
        if seconds < 5 { return "just now" }
        guard let length = length(seconds) else {
            let day = zone.day(of: instant)
            return "\(day.short) \(day.year)"
        }
        return isPast ? "\(length) ago" : "in \(length)"
    }

    private static func length(_ seconds: Int64) -> String? {
        if seconds < Seconds.minute { return "\(seconds) s" }
        if seconds < Seconds.hour { return "\(seconds / Seconds.minute) min" }
        if seconds < Seconds.day { return "\(seconds / Seconds.hour) h" }
        return seconds < 60 * Seconds.day ? "\(seconds / Seconds.day) d" : nil
    }
}
