import Testing

@testable import Web

@Suite struct `A throttle of reports` {
    private let start = ContinuousClock.now

    @Test func `The first occurrence passes, and so does one after the interval`() {
        var throttle = Throttle(interval: .seconds(5))
        #expect(throttle.occurred(at: start) == .pass)
        #expect(throttle.occurred(at: start + .seconds(5)) == .pass)
    }

    @Test func `Occurrences within the interval are reported once, at its end`() {
        var throttle = Throttle(interval: .seconds(5))
        _ = throttle.occurred(at: start)
        #expect(throttle.occurred(at: start + .seconds(2)) == .hold(.seconds(3)))
        #expect(throttle.occurred(at: start + .seconds(4)) == .drop)
        throttle.released(at: start + .seconds(5))
        #expect(throttle.occurred(at: start + .seconds(6)) == .hold(.seconds(4)))
    }
}
