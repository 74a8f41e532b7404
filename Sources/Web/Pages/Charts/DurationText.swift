internal import Domain
internal import Formats
internal import HTTP

/// Durations and shares of time as text.
enum DurationText {
    /// For example `45 s`, `23 min`, `2 h 5 min` and `3 d 4 h`, rounded down.
    static func text(_ seconds: Int64) -> String {
        let minutes = seconds / Seconds.minute
        if minutes < 1 { return "\(max(0, seconds)) s" }
        if seconds < Seconds.hour { return "\(minutes) min" }
        if seconds < Seconds.day { return pair(seconds / Seconds.hour, "h", minutes % 60, "min") }
        return pair(seconds / Seconds.day, "d", seconds / Seconds.hour % 24, "h")
    }

    private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ smallUnit: String) -> String {
        small > 0 ? "\(large) \(unit) \(small) \(smallUnit)" : "\(large) \(unit)"
    }

    /// An uptime share with two decimals, rounded down: `100%` only without any downtime.
    static func uptime(_ share: Double?) -> String {
        guard let share, share.isFinite else { return NumberText.none }
        // Compensates for rounding errors in sums of seconds.
        let hundredths = Int((min(max(share, 0), 1) * 10_000 + 0.000_001).rounded(.down))
        if hundredths >= 10_000 { return "100%" }
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
