extension Int64 {
    /// The nearest whole number, halves away from zero; nil for numbers that are not finite or beyond 10^18.
    ///
    /// Avoids `rounded()`, because optimized builds call the C library's `round`, which this module does not link.
    package init?(nearest number: Double) {
        guard number.magnitude < 1e18 else { return nil }
        self.init(number + (number < 0 ? -0.5 : 0.5))
    }

    /// The nearest whole number, halves away from zero; saturates at the ends of the range, 0 for NaN.
    ///
    /// Avoids `rounded()`, because optimized builds call the C library's `round`, which this module does not link.
    package init(saturating number: Double) {
        // 2^63. The largest number of this type has no exact `Double`.
        let limit = 9_223_372_036_854_775_808.0
        guard !number.isNaN else {
            self = 0
            return
        }
        guard number.magnitude < limit else {
            self = number < 0 ? .min : .max
            return
        }
        let whole = Int64(number)
        // Exact even if adding one half would not be.
        guard (number - Double(whole)).magnitude >= 0.5 else {
            self = whole
            return
        }
        self = whole.saturatingAdd(number < 0 ? -1 : 1)
    }
}
