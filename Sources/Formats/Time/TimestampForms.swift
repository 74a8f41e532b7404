extension Timestamp {
    /// Parses the forms of ISO 8601 that programs write, each with a zone; nil for other text.
    ///
    /// Beyond `parse`: lower-case `t` and `z`, a blank for `T`, no seconds, a comma before the fraction and any number of
    /// its digits, the offsets `+0200` and `+02`, and no separators (`20260806T140203Z`).
    package static func parseAnyForm(_ text: some StringProtocol) -> Timestamp? { extended(text).flatMap { parse($0) } }

    /// True for a time that only lacks a zone.
    package static func lacksZone(_ text: some StringProtocol) -> Bool { parseAnyForm(text + "Z") != nil }

    /// The form of `parse`, if the text has one of the others.
    private static func extended(_ text: some StringProtocol) -> String? {
        var cursor = ByteCursor(text)
        guard let year = cursor.digits(4) else { return nil }
        let isBasic = !cursor.take("-")
        guard let month = cursor.digits(2), isBasic || cursor.take("-"), let day = cursor.digits(2),
            cursor.take("T") || cursor.take("t") || cursor.take(" "),
            let hour = cursor.digits(2), isBasic || cursor.take(":"), let minute = cursor.digits(2)
        else { return nil }
        var second = 0
        var fraction = ""
        if isBasic ? cursor.next?.isDigit == true : cursor.take(":") {
            guard let read = cursor.digits(2), let digits = readFraction(&cursor) else { return nil }
            (second, fraction) = (read, digits)
        }
        guard let zone = readZone(&cursor), cursor.isAtEnd else { return nil }
        let date = "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
        return "\(date)T\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))\(fraction)\(zone)"
    }

    /// At most six digits; empty without a fraction.
    private static func readFraction(_ cursor: inout ByteCursor) -> String? {
        guard cursor.take(".") || cursor.take(",") else { return "" }
        let digits = cursor.take(while: \.isDigit)
        return digits.isEmpty ? nil : "." + String(decoding: digits.prefix(6), as: UTF8.self)
    }

    private static func readZone(_ cursor: inout ByteCursor) -> String? {
        if cursor.take("Z") || cursor.take("z") { return "Z" }
        let isWest = cursor.take("-")
        guard isWest || cursor.take("+"), let hours = cursor.digits(2) else { return nil }
        var minutes = 0
        if cursor.take(":") || cursor.next != nil {
            guard let read = cursor.digits(2) else { return nil }
            minutes = read
        }
        return "\(isWest ? "-" : "+")\(hours.padded(2)):\(minutes.padded(2))"
    }
}
