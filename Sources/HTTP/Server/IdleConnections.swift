internal import Formats

/// The connections of a loop that wait for a request, and since when.
///
/// Times are arguments, so that the rules can be tested without a clock.
struct IdleConnections<Key: Hashable> {
    typealias Instant = ContinuousClock.Instant

    private struct Wait {
        let since: Instant
        let isFirst: Bool
        /// The request line and its time, while the header is incomplete.
        var line: (line: RequestLine, at: Instant)?
    }

    private var waits: [Key: Wait] = [:]

    /// `isFirst`: the connection is new.
    ///
    /// Otherwise it was kept after a request.
    mutating func add(_ key: Key, isFirst: Bool, at now: Instant) { waits[key] = Wait(since: now, isFirst: isFirst) }

    mutating func noteLine(_ line: RequestLine, of key: Key, at now: Instant) {
        waits[key, default: Wait(since: now, isFirst: true)].line = (line, now)
    }

    /// Removes the connection, because its header is complete or it has closed.
    ///
    /// - Returns: the request line.
    @discardableResult
    mutating func remove(_ key: Key) -> RequestLine? { waits.removeValue(forKey: key)?.line?.line }

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

    /// The connections whose header is not complete although its request line came before then.
    func unfinished(since longest: Instant) -> [Key] {
        waits.filter { $0.value.line.map { $0.at <= longest } ?? false }.map(\.key)
    }
}

/// The reason to close a waiting connection.
enum IdleConnectionOverdue { case silent, slowHead }

/// A request line as the library shows it.
struct RequestLine {
    /// Path and query as sent.
    let text: String
    /// Its end in the library's buffer: the version must follow, or a NUL has truncated it.
    let end: UInt
    /// True if it was answered with 414 already.
    var isRefused = false

    var path: String { String(text.prefix { $0 != "?" }) }

    /// Bytes of the connection's memory that it takes: its own, and the library's for each parameter.
    var memory: Int { text.utf8.count + Self.entryMemory * parameterCount }

    private var parameterCount: Int {
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else { return 0 }
        return text.utf8[mark...].count { $0 == UInt8(ascii: "&") } + 1
    }

    /// Bytes that the library takes for a parameter or a header line, beside its text.
    static let entryMemory = 56
}
