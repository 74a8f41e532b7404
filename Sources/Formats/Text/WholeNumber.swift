/// Whole numbers in the one spelling that a number has: no `+`, no leading zero, no `-0`, no space.
package enum WholeNumber {
    /// The number written as `-?(0|[1-9][0-9]{0,18})`, or nil when the bytes are anything else or the number
    /// does not fit 64 bits.
    ///
    /// `Int64(_:)` is not used because it takes `+5`, `007` and `-0`.
    package static func parse(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative ? bytes.dropFirst() : bytes
        guard let first = digits.first, digits.count <= 19 else { return nil }
        if first == UInt8(ascii: "0") { return digits.count == 1 && !isNegative ? 0 : nil }
        var magnitude: UInt64 = 0
        for byte in digits {
            guard byte.isDigit else { return nil }
            // Nineteen digits always fit UInt64.
            magnitude = magnitude * 10 + UInt64(byte &- UInt8(ascii: "0"))
        }
        return isNegative ? negated(magnitude) : Int64(exactly: magnitude)
    }

    package static func parse(_ text: some StringProtocol) -> Int64? { parse(Array(text.utf8)[...]) }

    private static func negated(_ magnitude: UInt64) -> Int64? {
        if magnitude == Int64.min.magnitude { return .min }
        return Int64(exactly: magnitude).map { -$0 }
    }
}
