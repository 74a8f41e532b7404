internal import Formats

/// A vertical axis over whole numbers, with ticks at round values.
struct ValueAxis: Hashable, Sendable {
    /// Ascending; the first and last are the ends of the axis, and there are at least two.
    let ticks: [Int64]

    var low: Int64 { ticks[0] }
    var high: Int64 { ticks[ticks.count - 1] }

    /// Larger values are drawn as this one.
    ///
    /// No counter comes near.
    private static let limit: Int64 = 1_000_000_000_000_000_000

    /// An axis that covers the values with about that many steps of 1, 2 or 5 times a power of ten.
    ///
    /// It starts at zero, as bars and areas require, or else near the smallest value.
    init(covering values: some Sequence<Int64>, fromZero: Bool = true, steps: Int = 4) {
        var low: Int64?
        var high: Int64?
        for value in values {
            let value = min(max(value, -Self.limit), Self.limit)
            low = min(low ?? value, value)
            high = max(high ?? value, value)
        }
        let bottom = fromZero ? min(0, low ?? 0) : low ?? 0
        let top = fromZero ? max(0, high ?? 0) : high ?? 0
        let step = Self.step(for: top - bottom, steps: Int64(max(1, steps)))
        let first = bottom.dividedDown(by: step).quotient
        let last = max(-(-top).dividedDown(by: step).quotient, first + 1)
        ticks = (first...last).map { $0 * step }
    }

    /// The smallest round step for which that many steps cover the span.
    private static func step(for span: Int64, steps: Int64) -> Int64 {
        let needed = max(1, span / steps + (span.isMultiple(of: steps) ? 0 : 1))
        var power: Int64 = 1
        while power.saturatingMultiply(by: 10) <= needed { power *= 10 }
        return [1, 2, 5].map(power.saturatingMultiply(by:)).first { $0 >= needed } ?? power.saturatingMultiply(by: 10)
    }

    /// The position of a value between the ends, from 0 to 1.
    func share(of value: Int64) -> Double {
        let value = min(max(value, low), high)
        return Double(value - low) / Double(high - low)
    }
}
