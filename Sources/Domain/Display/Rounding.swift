extension Int64 {
    /// The nearest whole number, halves away from zero; nil for what is not finite or beyond 10^18.
    ///
    /// `rounded()` is not used: optimized, it calls the C library's `round`, which this module does not link.
    init?(nearest number: Double) {
        guard number.magnitude < 1e18 else { return nil }
        self.init(number + (number < 0 ? -0.5 : 0.5))
    }
}
