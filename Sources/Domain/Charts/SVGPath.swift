internal import Formats

/// The `d` of an SVG path: letters, digits, dots, minus signs and spaces only.
package struct SVGPath: Hashable, Sendable, CustomStringConvertible {
    package private(set) var description = ""

    package init() {}

    package var isEmpty: Bool { description.isEmpty }

    package mutating func move(to point: ChartPoint) { append("M", point) }

    package mutating func line(to point: ChartPoint) { append("L", point) }

    /// A dot; it needs round line caps.
    package mutating func dot() { description += "h0" }

    package mutating func close() { description += "Z" }

    private mutating func append(_ command: String, _ point: ChartPoint) {
        description += "\(command)\(Self.text(point.x)) \(Self.text(point.y))"
    }

    /// At most two decimals and no exponent: `12`, `12.5`, `-0.25`; zero for numbers that are not finite.
    package static func text(_ number: Double) -> String {
        guard let hundredths = Int64(nearest: number * 100) else { return "0" }
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return "\(sign)\(whole)" }
        return "\(sign)\(whole).\(rest.isMultiple(of: 10) ? String(rest / 10) : rest.padded(2))"
    }
}
