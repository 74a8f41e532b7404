internal import Domain
internal import Synchronization

/// How many requests each person may make in a window of time.
package final class RateLimiter: Sendable {
    /// What is left to someone, for the headers of the answer.
    struct Quota: Sendable {
        let policy: StaticString
        let limit: Int
        let window: Int
        let remaining: Int
        let secondsLeft: Int

        /// The fields of the IETF draft "RateLimit header fields for HTTP".
        func describe(in response: inout Response) {
            response.add("RateLimit-Policy", text: "\"\(policy)\";q=\(limit);w=\(window)")
            response.add("RateLimit", text: "\"\(policy)\";r=\(remaining);t=\(secondsLeft)")
        }
    }

    private let users: WindowCounter<UserID>

    package init(perUserPerMinute: Int) {
        users = WindowCounter(policy: "user", limit: perUserPerMinute, window: 60)
    }

    /// - Throws: `tooMany` when the person has used up the window.
    func count(_ visit: Visit) throws(Rejection) -> Quota? {
        guard let session = visit.identity.session else { return nil }
        return try users.count(session.user, at: .now)
    }
}

/// Counts per key in windows that begin with a key's first request, by a clock that nobody can set back.
final class WindowCounter<Key: Hashable & Sendable>: Sendable {
    private struct Window {
        var start: ContinuousClock.Instant
        var count: Int
    }
    private let windows = Mutex<[Key: Window]>([:])
    private let policy: StaticString
    private let limit: Int
    private let seconds: Int
    /// Keys in memory; past that the ones whose window is over go, and if none is, all.
    private let capacity = 100_000

    init(policy: StaticString, limit: Int, window seconds: Int) {
        self.policy = policy
        self.limit = limit
        self.seconds = seconds
    }

    func count(_ key: Key, at now: ContinuousClock.Instant) throws(Rejection) -> RateLimiter.Quota {
        let window = windows.withLock { windows in
            var window = windows[key] ?? Window(start: now, count: 0)
            if window.start.duration(to: now) >= .seconds(seconds) { window = Window(start: now, count: 0) }
            window.count = min(window.count + 1, limit + 1)
            if windows.count >= capacity { makeRoom(&windows, at: now) }
            windows[key] = window
            return window
        }
        let left = max(1, seconds - Int(window.start.duration(to: now) / .seconds(1)))
        guard window.count <= limit else { throw .tooMany(retryAfterSeconds: left) }
        return RateLimiter.Quota(
            policy: policy, limit: limit, window: seconds, remaining: limit - window.count, secondsLeft: left)
    }

    private func makeRoom(_ windows: inout [Key: Window], at now: ContinuousClock.Instant) {
        windows = windows.filter { $0.value.start.duration(to: now) < .seconds(seconds) }
        if windows.count >= capacity { windows = [:] }
    }
}
