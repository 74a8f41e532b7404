/// Parses whole numbers in their canonical spelling: no `+`, no leading zero, no `-0`, no space.
package enum WholeNumber {
    /// Parses `-?(0|[1-9][0-9]{0,18})`; nil for other bytes, or if the number does not fit 64 bits.
    ///
    /// Avoids `Int64(_:)`, because it accepts `+5`, `007` and `-0`.
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
