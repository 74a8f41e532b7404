package import EventLoop
internal import Synchronization

/// A clock that advances only by hand.
package final class SteppedClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    package init() {}

    package var now: @Sendable () -> ContinuousClock.Instant { { self.instant.withLock { $0 } } }

    package var steady: SteadyClock { SteadyClock(now) }

    package func advance(_ step: Duration) { instant.withLock { $0 += step } }
}

/// A loop of a test, with a clock that advances only by hand.
package final class SteppedLoop: Sendable {
    package let clock = SteppedClock()
    package let loop: EventLoop
    private let group: LoopGroup

    package init() throws {
        group = try LoopGroup(count: 1, clock: clock.steady)
        loop = group.loops[0]
        group.start()
    }

    deinit { group.stop() }

    /// Advances the clock, and waits until all that became due is done on the loop.
    package func advance(_ step: Duration) async {
        clock.advance(step)
        await settle()
    }

    /// Waits until the loop has run its due timers, and the jobs that these made.
    package func settle() async {
        // The first timer of the two may run in a turn whose jobs are not done.
        for _ in 1...2 { await run { [loop] in await loop.sleep(for: .zero) } }
    }

    /// Runs on the loop.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await Task(executorPreference: loop) { await body() }.value
    }
}
