/// How long ago or how far ahead an instant is, in words.
package enum RelativeTime {
    /// As in `just now`, `3 minutes ago`, `in 2 hours`, `yesterday`, `in 5 days` and `2 years ago`.
    ///
    /// Lengths are rounded down. From 24 hours on, days are those of a calendar in the zone, so that "yesterday" is true.
    package static func text(_ instant: Timestamp, now: Timestamp, in zone: TimeZoneRules = .utc) -> String {
        let isPast = instant <= now
        let seconds = isPast ? now.seconds(since: instant) : instant.seconds(since: now)
        if seconds < Seconds.minute { return isPast ? "just now" : "in a moment" }
        if seconds < Seconds.hour { return phrase(seconds / Seconds.minute, "minute", isPast) }
        if seconds < Seconds.day { return phrase(seconds / Seconds.hour, "hour", isPast) }
        let days = abs(zone.day(of: now).days(since: zone.day(of: instant)))
        switch days {
        // A day on which clocks are put back is longer than 24 hours.
        case 0: return phrase(seconds / Seconds.hour, "hour", isPast)
        case 1: return isPast ? "yesterday" : "tomorrow"
        case ..<30: return phrase(Int64(days), "day", isPast)
        case ..<365: return phrase(Int64(days / 30), "month", isPast)
        default: return phrase(Int64(days / 365), "year", isPast)
        }
    }

    private static func phrase(_ count: Int64, _ unit: String, _ isPast: Bool) -> String {
        let length = "\(NumberText.grouped(count)) \(unit)\(count == 1 ? "" : "s")"
        return isPast ? "\(length) ago" : "in \(length)"
    }
}
