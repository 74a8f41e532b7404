/// The connections of a loop that wait for a request, and since when.
///
/// Times are arguments, so that the rules can be tested without a clock.
struct IdleConnections<Key: Hashable> {
    typealias Instant = ContinuousClock.Instant

    private struct Wait {
        let since: Instant
        let isFirst: Bool
        /// The request line and its time, while the header is incomplete.
        var line: (text: String, at: Instant)?
    }

    private var waits: [Key: Wait] = [:]

    var isEmpty: Bool { waits.isEmpty }

    /// `isFirst`: the connection is new.
    ///
    /// Otherwise it was kept after a request.
    mutating func add(_ key: Key, isFirst: Bool, at now: Instant) { waits[key] = Wait(since: now, isFirst: isFirst) }

    mutating func noteLine(_ text: String, of key: Key, at now: Instant) {
        waits[key, default: Wait(since: now, isFirst: true)].line = (text, now)
    }

    /// Removes the connection, because its header is complete or it has closed.
    ///
    /// - Returns: the request line.
    @discardableResult
    mutating func remove(_ key: Key) -> String? { waits.removeValue(forKey: key)?.line?.text }

    /// The connections whose timeout has expired.
    func overdue(_ limits: HTTPServer.Limits, at now: Instant) -> [(key: Key, reason: IdleConnectionOverdue)] {
        waits.compactMap { key, wait in
            if let line = wait.line { return line.at.duration(to: now) > limits.head ? (key, .slowHead) : nil }
            return wait.since.duration(to: now) > (wait.isFirst ? limits.head : limits.idle) ? (key, .silent) : nil
        }
    }

    /// The connections without a request line that have waited longest, at least since `longest`.
    ///
    /// They are closed to make room for new ones.
    func oldest(_ count: Int, since longest: Instant) -> [Key] {
        waits.filter { $0.value.line == nil && $0.value.since <= longest }.sorted { $0.value.since < $1.value.since }
            .prefix(count).map(\.key)
    }
}

/// The reason to close a waiting connection.
enum IdleConnectionOverdue { case silent, slowHead }
