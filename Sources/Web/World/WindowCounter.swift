internal import Formats
internal import HTTP
internal import Synchronization

/// Counts requests per key in a sliding window, by a monotonic clock.
///
/// Two generations of keys: a counted key moves to the young one; if that is full, the old one is dropped. So memory
/// never exceeds the capacity, no key has to be searched for, and a refused key that keeps trying stays known.
final class WindowCounter<Key: Hashable & Sendable>: Sendable {
    private struct Windows {
        var young: [Key: SlidingWindow] = [:]
        var old: [Key: SlidingWindow] = [:]
        /// Entries of all windows in the young generation.
        var youngSize = 0
        /// When the young generation began.
        var turned: Int64?

        func window(of key: Key) -> SlidingWindow? { young[key] ?? old[key] }

        mutating func removeValue(forKey key: Key) -> SlidingWindow? {
            if let window = young.removeValue(forKey: key) {
                youngSize -= window.size
                return window
            }
            return old.removeValue(forKey: key)
        }

        mutating func put(_ window: SlidingWindow, at key: Key) {
            young[key] = window
            youngSize += window.size
        }
    }
    private let windows = Mutex(Windows())
    private let policy: StaticString
    private let limit: Int
    private let seconds: Int
    private let capacity: Int
    /// Times are nanoseconds since this instant.
    private let origin = ContinuousClock.now
    private var window: Int64 { Int64(seconds) * 1_000_000_000 }

    /// The capacity is in entries of `SlidingWindow`; each key has at least one.
    ///
    /// An address with one entry takes about 150 bytes, each further entry 24 bytes.
    init(policy: StaticString, limit: Int, window seconds: Int, capacity: Int = 100_000) {
        self.policy = policy
        self.limit = limit
        self.seconds = seconds
        self.capacity = capacity
    }

    /// Entries in memory.
    var size: Int {
        windows.withLock { windows in windows.youngSize + windows.old.values.reduce(0) { $0 + $1.size } }
    }

    /// Counts a request, unless it is refused: retries do not make a client wait longer.
    func count(_ key: Key, at now: ContinuousClock.Instant) throws(RateLimiter.UsedUp) -> RateLimiter.Quota {
        let now = time(now)
        let (isRefused, counted) = windows.withLock { windows in
            turn(&windows, at: now)
            var window = windows.removeValue(forKey: key) ?? SlidingWindow()
            window.expire(before: now - self.window)
            let isRefused = window.count >= limit
            if !isRefused { window.add(at: now, window: self.window) }
            windows.put(window, at: key)
            return (isRefused, window)
        }
        let quota = quota(counted, at: now)
        if isRefused { throw RateLimiter.UsedUp(quota: quota) }
        return quota
    }

    /// Throws if the key has used up its window; counts nothing.
    func check(_ key: Key, at now: ContinuousClock.Instant) throws(RateLimiter.UsedUp) {
        guard let window = known(key, at: now), window.count >= limit else { return }
        throw RateLimiter.UsedUp(quota: quota(window, at: time(now)))
    }

    /// Makes this the only request of the key.
    func renew(_ key: Key, at now: ContinuousClock.Instant) {
        let now = time(now)
        windows.withLock { windows in
            turn(&windows, at: now)
            _ = windows.removeValue(forKey: key)
            var window = SlidingWindow()
            window.add(at: now, window: self.window)
            windows.put(window, at: key)
        }
    }

    /// True if the key was counted within the window.
    func isKnown(_ key: Key, at now: ContinuousClock.Instant) -> Bool { known(key, at: now)?.count ?? 0 > 0 }

    private func known(_ key: Key, at now: ContinuousClock.Instant) -> SlidingWindow? {
        guard var window = windows.withLock({ $0.window(of: key) }) else { return nil }
        window.expire(before: time(now) - self.window)
        return window
    }

    private func time(_ now: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = origin.duration(to: now).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }

    private func quota(_ window: SlidingWindow, at now: Int64) -> RateLimiter.Quota {
        // Rounded up: after so many whole seconds the oldest requests have left the window.
        let left = ((window.release(window: self.window) ?? now + self.window) - now + 999_999_999) / 1_000_000_000
        return RateLimiter.Quota(
            policy: policy, limit: limit, measure: .requests(window: seconds), remaining: max(0, limit - window.count),
            secondsLeft: max(1, Int(left)))
    }

    /// After the length of a window everything in the old generation has expired.
    private func turn(_ windows: inout Windows, at now: Int64) {
        let turned = windows.turned ?? now
        windows.turned = turned
        guard now - turned >= window || windows.youngSize >= capacity / 2 else { return }
        windows.old = windows.young
        windows.young = [:]
        windows.youngSize = 0
        windows.turned = now
    }
}
