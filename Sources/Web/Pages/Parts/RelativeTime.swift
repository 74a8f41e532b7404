internal import Formats

/// The distance of an instant from now.
enum RelativeTime: Hashable, Sendable, CustomStringConvertible {
    case now
    case past(Int64, Unit)
    case ahead(Int64, Unit)
    /// From 60 days on the date, in either direction.
    case day(CalendarDay)

    enum Unit: String, Sendable {
        case seconds = "s"
        case minutes = "min"
        case hours = "h"
        case days = "d"
    }

    /// Rounds down.
    init(_ instant: Timestamp, now: Timestamp, in zone: TimeZoneRules = .utc) {
        let isPast = instant <= now
        let seconds = isPast ? now.seconds(since: instant) : instant.seconds(since: now)
        if seconds < 5 {
            self = .now
        } else if let (count, unit) = Self.length(seconds) {
            self = isPast ? .past(count, unit) : .ahead(count, unit)
        } else {
            self = .day(zone.day(of: instant))
        }
    }

    private static func length(_ seconds: Int64) -> (Int64, Unit)? {
        if seconds < Seconds.minute { return (seconds, .seconds) }
        if seconds < Seconds.hour { return (seconds / Seconds.minute, .minutes) }
        if seconds < Seconds.day { return (seconds / Seconds.hour, .hours) }
        return seconds < 60 * Seconds.day ? (seconds / Seconds.day, .days) : nil
    }

    /// For example `just now`, `12 s ago`, `in 3 min` and `27 Mar 2025`; the pages' script uses the same wording.
    var description: String {
        switch self {
        case .now: "just now"
        case .past(let count, let unit): "\(count) \(unit.rawValue) ago"
        case .ahead(let count, let unit): "in \(count) \(unit.rawValue)"
        case .day(let day): "\(day.short) \(day.year)"
        }
    }
}
