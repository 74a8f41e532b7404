internal import Formats

/// Numbers formatted for pages, in English.
enum NumberText {
    /// Replaces a missing number.
    static let none = "–"

    /// For example `1,234,567`.
    static func grouped(_ number: some BinaryInteger) -> String {
        var text = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// For example `999`, `1.2 K`, `12.3 M` and `123 B`: three digits at most, except beyond `999 T`.
    static func compact(_ number: Int64) -> String {
        scaled(number, units: ["", " K", " M", " B", " T"])
    }

    /// For example `512 B`, `1.5 kB` and `20 MB`, in steps of 1,000.
    static func bytes(_ number: Int64) -> String {
        scaled(number, units: [" B", " kB", " MB", " GB", " TB"])
    }

    /// For example `12.3%` for 0.123; `none` for a rate that is not finite.
    static func percent(_ rate: Double) -> String {
        guard let thousandths = Int64(nearest: rate * 1_000) else { return none }
        return tenths(thousandths) + "%"
    }

    /// A percentage.
    ///
    /// It is rounded to `0.0%` or `100.0%` only if it is exactly that.
    static func percent(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return none }
        let rate = Double(part) / Double(whole)
        if rate * 1_000 >= 999.5, part < whole { return ">99.9%" }
        if rate * 1_000 < 0.5, part > 0 { return "<0.1%" }
        return percent(rate)
    }

    private static func tenths(_ number: Int64) -> String {
        let (whole, tenth) = number.magnitude.quotientAndRemainder(dividingBy: 10)
        return "\(number < 0 ? "-" : "")\(grouped(whole)).\(tenth)"
    }

    private static func scaled(_ number: Int64, units: [String]) -> String {
        let scaled = ScaledNumber(number, unitCount: units.count)
        let tenth = scaled.tenth.map { ".\($0)" } ?? ""
        return "\(number < 0 ? "-" : "")\(grouped(scaled.whole))\(tenth)\(units[scaled.unit])"
    }
}

/// A number of thousands, millions and so on, without its sign.
struct ScaledNumber: Hashable, Sendable {
    let whole: UInt64
    /// One decimal below a hundred of a unit; nil if it is zero.
    let tenth: UInt64?
    /// How often the number was divided by 1,000.
    let unit: Int

    init(_ number: Int64, unitCount: Int) {
        var unit = 0
        var divisor: UInt64 = 1
        // A number that would round to 1,000 of a unit uses the next unit.
        while unit + 1 < unitCount, number.magnitude >= divisor * 1_000 - divisor / 2 {
            unit += 1
            divisor *= 1_000
        }
        let tenth = max(divisor / 10, 1)
        let tenths = (number.magnitude + tenth / 2) / tenth
        let showsTenth = divisor > 1 && tenths < 1_000 && !tenths.isMultiple(of: 10)
        whole = showsTenth ? tenths / 10 : (number.magnitude + divisor / 2) / divisor
        self.tenth = showsTenth ? tenths % 10 : nil
        self.unit = unit
    }
}
