extension Int64 {
    /// The nearest whole number, halves away from zero; nil for what is not finite or beyond 10^18.
    ///
    /// `rounded()` is not used: optimized, it calls the C library's `round`, which this module does not link.
    package init?(nearest number: Double) {
        guard number.magnitude < 1e18 else { return nil }
        self.init(number + (number < 0 ? -0.5 : 0.5))
    }

    /// The nearest whole number, halves away from zero; the ends of the range for what is beyond them, 0 for NaN.
    ///
    /// `rounded()` is not used: optimized, it calls the C library's `round`, which this module does not link.
    package init(saturating number: Double) {
        // 2^63; the largest number of this type is no `Double`.
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
        // Exact, also where adding a half to the number would not be.
        guard (number - Double(whole)).magnitude >= 0.5 else {
            self = whole
            return
        }
        self = whole.saturatingAdd(number < 0 ? -1 : 1)
    }
}
