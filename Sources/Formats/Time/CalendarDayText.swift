extension CalendarDay: CustomStringConvertible {
    /// January to December.
    package static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    package var monthName: String { Self.monthNames[month - 1] }

    package var shortMonthName: String { String(monthName.prefix(3)) }

    /// For example `2026-08-06`.
    package var iso8601: String {
        let (year, month, day) = parts
        return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
    }

    package var description: String { iso8601 }

    /// For example `6 August 2026`.
    package var long: String { "\(day) \(monthName) \(year)" }

    /// For example `6 Aug`.
    package var short: String { "\(day) \(shortMonthName)" }
}
