internal import Domain
internal import Formats
internal import HTTP

extension HTML {
    /// A number: exact up to 9,999, then shortened with the exact value as its title; a dash for nil.
    mutating func number(_ value: Int64?) {
        guard let value else { return markup(#"<span class="muted">–</span>"#) }
        guard value.magnitude >= 10_000 else { return out.grouped(value) }
        markup(#"<data value=""#)
        integer(value)
        markup(#"" title=""#)
        out.grouped(value)
        markup("\">")
        out.compact(value)
        markup("</data>")
    }

    mutating func number(_ value: Int) { number(Int64(value)) }
}

extension ByteWriter {
    /// For example `1,234,567`: like `NumberText.grouped`, without a `String`.
    mutating func grouped(_ value: Int64) {
        if value < 0 { literal("-") }
        grouped(value.magnitude)
    }

    private mutating func grouped(_ value: UInt64) {
        guard value >= 1_000 else { return integer(Int64(value)) }
        grouped(value / 1_000)
        literal(",")
        let rest = value % 1_000
        byte(UInt8(truncatingIfNeeded: 48 + rest / 100))
        byte(UInt8(truncatingIfNeeded: 48 + rest / 10 % 10))
        byte(UInt8(truncatingIfNeeded: 48 + rest % 10))
    }

    private static let units: [StaticString] = ["", " K", " M", " B", " T"]

    /// For example `12.3 M`: like `NumberText.compact`, without a `String`.
    mutating func compact(_ value: Int64) {
        let scaled = ScaledNumber(value, unitCount: Self.units.count)
        if value < 0 { literal("-") }
        grouped(scaled.whole)
        if let tenth = scaled.tenth {
            literal(".")
            byte(UInt8(truncatingIfNeeded: 48 + tenth))
        }
        literal(Self.units[scaled.unit])
    }

    /// A percentage with one decimal, for example `9.4%`; a dash if the whole is 0.
    mutating func percent(_ part: Int64, of whole: Int64) {
        guard let share = Quotient(part, dividedBy: whole, parts: 1_000) else {
            return literal(#"<span class="muted">–</span>"#)
        }
        grouped(share.whole.saturatingMultiply(by: 100).saturatingAdd(share.fraction / 10))
        literal(".")
        byte(UInt8(truncatingIfNeeded: 48 + share.fraction % 10))
        literal("%")
    }
}

/// Counts with their noun.
enum CountText {
    /// For example `1 account` and `1,284 accounts`.
    static func text(_ count: some BinaryInteger, _ singular: String, _ plural: String? = nil) -> String {
        "\(NumberText.grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
    }

    /// For example `2 groups, 14 accounts and 300 posts`.
    static func list(_ obstacles: [Rejection.Obstacle]) -> String {
        let counts = obstacles.map { text($0.count, String($0.kind.dropLast()), $0.kind) }
        guard let last = counts.last, counts.count > 1 else { return counts.first ?? "nothing" }
        return "\(counts.dropLast().joined(separator: ", ")) and \(last)"
    }
}
