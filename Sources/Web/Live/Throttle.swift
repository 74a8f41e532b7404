/// Limits how often something is reported, without losing the last occurrence.
///
/// Times are arguments, so that the rule can be tested without a clock.
struct Throttle: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Decision: Equatable {
        case pass
        /// Report once after this time, then call `released`.
        case hold(Duration)
        /// A held report covers it.
        case drop
    }

    /// The shortest time between two reports.
    let interval: Duration
    private var last: Instant?
    private var isHolding = false

    init(interval: Duration) { self.interval = interval }

    mutating func occurred(at now: Instant) -> Decision {
        if isHolding { return .drop }
        if let last, last.duration(to: now) < interval {
            isHolding = true
            return .hold(interval - last.duration(to: now))
        }
        last = now
        return .pass
    }

    mutating func released(at now: Instant) {
        isHolding = false
        last = now
    }
}
