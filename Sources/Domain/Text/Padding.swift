extension BinaryInteger {
    /// The number with at least that many digits: `padded(4)` of 7 is `0007`, of -7 is `-0007`.
    func padded(_ width: Int) -> String {
        let digits = String(magnitude)
        return (self < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension FixedWidthInteger {
    /// The quotient rounded down and the remainder, which is never negative for a positive divisor.
    func dividedDown(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
