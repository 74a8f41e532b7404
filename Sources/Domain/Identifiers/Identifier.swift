internal import Formats

/// A typed id, which cannot be confused with an id of another type.
///
/// Every id is a positive 64-bit number: it fits PostgreSQL's `bigint`, and Discord's snowflakes reach 2^63 only in
/// 2084.
package protocol Identifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    var number: Int64 { get }
    init(number: Int64)
}

extension Identifier {
    package var description: String { String(number) }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    /// Parses the only spelling, `[1-9][0-9]{0,18}` below 2^63; nil for other text, zero included.
    package init?(_ text: some StringProtocol) {
        guard let number = WholeNumber.parse(text), number > 0 else { return nil }
        self.init(number: number)
    }
}
