/// The past and future clock changes of a time zone.
package struct TimeZoneRules: Sendable {
    package let name: TimeZoneName
    /// The clock changes, ascending, in seconds since 1970.
    private let changes: [Change]
    /// Applies before the first change.
    private let initial: Period
    /// Applies after the last change, if the zone keeps changing its clocks.
    private let rule: DaylightSavingRule?

    package struct Change: Sendable {
        package let seconds: Int64
        package let period: Period
    }

    /// A period with one offset.
    package struct Period: Hashable, Sendable {
        /// Seconds east of UTC.
        package let offset: Int
        package let abbreviation: String
    }

    package init(name: TimeZoneName, initial: Period, changes: [Change], rule: DaylightSavingRule?) {
        self.name = name
        self.initial = initial
        self.changes = changes
        self.rule = rule
    }

    package static let utc = TimeZoneRules(
        name: .utc, initial: Period(offset: 0, abbreviation: "UTC"), changes: [], rule: nil)

    /// A zone that never changes its clocks; `offset` is in seconds east of UTC.
    package static func fixed(offset: Int, abbreviation: String) -> TimeZoneRules {
        TimeZoneRules(
            name: .utc, initial: Period(offset: offset, abbreviation: abbreviation), changes: [], rule: nil)
    }

    /// Seconds east of UTC at that instant.
    package func offset(at instant: Timestamp) -> Int { period(at: instant.seconds).offset }

    /// The abbreviation in use at that instant: `CEST`, or `+0530` if there is no name.
    package func abbreviation(at instant: Timestamp) -> String { period(at: instant.seconds).abbreviation }

    package func period(at seconds: Int64) -> Period {
        guard let last = changes.last, seconds < last.seconds else {
            return rule?.period(at: seconds) ?? changes.last?.period ?? initial
        }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].seconds <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initial : changes[low - 1].period
    }
}
