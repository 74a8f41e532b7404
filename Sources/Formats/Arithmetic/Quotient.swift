/// A quotient of two whole numbers as a whole number and a fraction, rounded to the nearest, halves up; nothing of it
/// goes through floating point, and no numbers make it overflow.
package struct Quotient: Hashable, Sendable {
    package let whole: Int64
    /// So many parts of the given number of parts: 0 to `parts - 1`.
    package let fraction: Int64

    /// Nil for a divisor that is not positive, or a negative dividend.
    ///
    /// The fraction is cut into so many parts, as 10,000 for four digits after the point.
    package init?(_ dividend: Int64, dividedBy divisor: Int64, parts: Int64) {
        guard divisor > 0, dividend >= 0, parts > 0 else { return nil }
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        // The rest is less than the divisor, so that the quotient below is at most `parts`.
        let product = rest.multipliedFullWidth(by: parts)
        let (low, carry) = product.low.addingReportingOverflow((divisor / 2).magnitude)
        let rounded = divisor.dividingFullWidth((product.high + (carry ? 1 : 0), low)).quotient
        // A remainder that rounds to all parts belongs to a whole number below the largest: a divisor of 1 leaves none.
        self.whole = rounded == parts ? whole + 1 : whole
        fraction = rounded == parts ? 0 : rounded
    }
}
