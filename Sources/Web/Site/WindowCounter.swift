internal import Synchronization

/// Counts per key in windows that begin with a key's first request, by a clock that nobody can set back.
///
/// Two generations of keys: a key that is counted moves to the young one, and when that is full the old one goes.
/// However many keys come, no more than the capacity are in memory, none has to be searched for, and whoever is
/// turned down and goes on asking stays known.
final class WindowCounter<Key: Hashable & Sendable>: Sendable {
    private struct Window {
        var start: ContinuousClock.Instant
        var count = 0
    }
    private struct Windows {
        var young: [Key: Window] = [:]
        var old: [Key: Window] = [:]
        /// When the young generation began.
        var turned: ContinuousClock.Instant?
    }
    private let windows = Mutex(Windows())
    private let policy: StaticString
    private let limit: Int
    private let seconds: Int
    private let capacity: Int

    /// The capacity is in keys; an address takes about 50 bytes.
    init(policy: StaticString, limit: Int, window seconds: Int, capacity: Int = 200_000) {
        self.policy = policy
        self.limit = limit
        self.seconds = seconds
        self.capacity = capacity
    }

    /// Keys in memory now.
    var size: Int { windows.withLock { $0.young.count + $0.old.count } }

    func count(_ key: Key, at now: ContinuousClock.Instant) throws(RateLimiter.UsedUp) -> RateLimiter.Quota {
        let window = windows.withLock { windows in
            turn(&windows, at: now)
            var window = windows.young[key] ?? windows.old.removeValue(forKey: key) ?? Window(start: now)
            if window.start.duration(to: now) >= .seconds(seconds) { window = Window(start: now) }
            window.count = min(window.count + 1, limit + 1)
            windows.young[key] = window
            return window
        }
        let quota = quota(window, at: now)
        guard window.count <= limit else { throw RateLimiter.UsedUp(quota: quota) }
        return quota
    }

    /// Throws where the key has used up its window, and counts nothing.
    func check(_ key: Key, at now: ContinuousClock.Instant) throws(RateLimiter.UsedUp) {
        let known = windows.withLock { $0.young[key] ?? $0.old[key] }
        guard let window = known, window.count >= limit, window.start.duration(to: now) < .seconds(seconds) else {
            return
        }
        throw RateLimiter.UsedUp(quota: quota(window, at: now))
    }

    /// Begins the key's window anew.
    func renew(_ key: Key, at now: ContinuousClock.Instant) {
        windows.withLock { windows in
            turn(&windows, at: now)
            windows.old[key] = nil
            windows.young[key] = Window(start: now, count: 1)
        }
    }

    /// Whether the key was counted within its window.
    func isKnown(_ key: Key, at now: ContinuousClock.Instant) -> Bool {
        let known = windows.withLock { $0.young[key] ?? $0.old[key] }
        return known.map { $0.start.duration(to: now) < .seconds(seconds) } ?? false
    }

    private func quota(_ window: Window, at now: ContinuousClock.Instant) -> RateLimiter.Quota {
        // Rounded up: whoever waits so long finds a new window.
        let left = max(1, seconds - Int(window.start.duration(to: now) / .seconds(1)))
        return RateLimiter.Quota(
            policy: policy, limit: limit, window: seconds, remaining: max(0, limit - window.count), secondsLeft: left)
    }

    /// After a window's time whatever is in the old generation is over.
    private func turn(_ windows: inout Windows, at now: ContinuousClock.Instant) {
        let turned = windows.turned ?? now
        let isDue = turned.duration(to: now) >= .seconds(seconds) || windows.young.count >= capacity / 2
        windows.turned = isDue ? now : turned
        guard isDue else { return }
        windows.old = windows.young
        windows.young = [:]
    }
}
