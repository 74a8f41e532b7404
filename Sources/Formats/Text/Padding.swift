extension BinaryInteger {
    /// The number with at least that many digits: `padded(4)` of 7 is `0007`, of -7 is `-0007`.
    package func padded(_ width: Int) -> String {
        let digits = String(magnitude)
        return (self < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
