/// Saturating arithmetic, for numbers from the database and from clients.
///
/// An overflow trap would end the process for every tenant. A wrong number beyond 9 × 10^18 is the smaller error. Inlinable,
/// since every number of a list passes here: called across modules, they would not be specialised.
extension FixedWidthInteger {
    @inlinable package func saturatingAdd(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    @inlinable package func saturatingSubtract(_ other: Self) -> Self {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (self < other ? .min : .max) : difference
    }

    @inlinable package func saturatingMultiply(by factor: Self) -> Self {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? ((self < 0) == (factor < 0) ? .max : .min) : product
    }

    /// The quotient rounded down and the remainder, which is never negative for a positive divisor.
    @inlinable package func dividedDown(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Sequence where Element: FixedWidthInteger {
    /// The saturating sum of numbers of the same sign.
    @inlinable package var saturatingSum: Element { reduce(0) { $0.saturatingAdd($1) } }
}
