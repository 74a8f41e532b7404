/// A quotient of two whole numbers as a whole number and a fraction, rounded to nearest, halves up.
///
/// Without floating point and without overflow.
package struct Quotient: Hashable, Sendable {
    package let whole: Int64
    /// The fraction in units of 1/`parts`: 0 to `parts - 1`.
    package let fraction: Int64

    /// Nil if the divisor is not positive, or the dividend is negative.
    ///
    /// `parts` is the resolution of the fraction, for example 10,000 for four decimals.
    package init?(_ dividend: Int64, dividedBy divisor: Int64, parts: Int64) {
        guard divisor > 0, dividend >= 0, parts > 0 else { return nil }
        let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        // The remainder is less than the divisor, so the quotient below is at most `parts`.
        let product = rest.multipliedFullWidth(by: parts)
        let (low, carry) = product.low.addingReportingOverflow((divisor / 2).magnitude)
        let rounded = divisor.dividingFullWidth((product.high + (carry ? 1 : 0), low)).quotient
        // If the fraction rounds up to a whole, there is room for it: only a divisor of 1 gives the largest whole
        // number, and it leaves no remainder.
        self.whole = rounded == parts ? whole + 1 : whole
        fraction = rounded == parts ? 0 : rounded
    }
}
