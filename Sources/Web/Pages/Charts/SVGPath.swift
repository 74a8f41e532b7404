internal import Formats

/// The `d` of an SVG path: letters, digits, dots, minus signs and spaces only.
struct SVGPath: Hashable, Sendable, CustomStringConvertible {
    private(set) var description = ""

    init() {}

    var isEmpty: Bool { description.isEmpty }

    mutating func move(to point: ChartPoint) { append("M", point) }

    mutating func line(to point: ChartPoint) { append("L", point) }

    /// A dot; it needs round line caps.
    mutating func dot() { description += "h0" }

    mutating func close() { description += "Z" }

    private mutating func append(_ command: String, _ point: ChartPoint) {
        description += "\(command)\(Self.text(point.x)) \(Self.text(point.y))"
    }

    /// At most two decimals and no exponent: `12`, `12.5`, `-0.25`; zero for numbers that are not finite.
    static func text(_ number: Double) -> String {
        guard let hundredths = Int64(nearest: number * 100) else { return "0" }
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return "\(sign)\(whole).\(rest.isMultiple(of: 10) ? String(rest / 10) : rest.padded(2))"
    }
}
