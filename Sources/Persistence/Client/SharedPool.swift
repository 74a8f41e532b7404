internal import Domain
internal import Formats

/// A connection as `SharedPool` sees it.
protocol SharedPoolConnection: AnyObject {
    /// Batches in progress.
    var load: Int { get }
    /// True if some answer is overdue.
    var isSlow: Bool { get }
    /// Prepared statements on this connection.
    var preparedCount: Int { get }
    var opened: ContinuousClock.Instant { get }
    func hasBatches(of client: ClientID) -> Bool
}

/// The decisions of `SharedConnections`: which connection takes a batch, which batches wait, when to connect again.
///
/// A state machine without input and output. Times are arguments; the caller carries out the results.
struct SharedPool<Connection: SharedPoolConnection, Entry> {
    typealias Instant = ContinuousClock.Instant

    private let limits: Database.Limits
    private(set) var connections: [Connection] = []
    /// Attempts in progress, and those that are scheduled.
    private(set) var opening = 0
    private var failures = 0
    private var waiting: WaitingLine<Entry>
    private(set) var isStopped = false
    /// Since when there is no connection.
    private var emptySince: Instant?

    init(_ limits: Database.Limits, at now: Instant) {
        self.limits = limits
        waiting = WaitingLine(limit: limits.wait)
        emptySince = now
    }

    // MARK: Batches

    /// The connection with the fewest batches; nil if all are full or slow: a request behind one that waits for a lock
    /// would wait for it too.
    ///
    /// The batches of one tenant use at most half of the connections, so that others find one without them.
    func leastBusy(for client: ClientID?) -> Connection? {
        let own = client.map { client in connections.count { $0.hasBatches(of: client) } } ?? 0
        let isConfined = own >= max(1, limits.shared / 2)
        var best: Connection?
        for connection in connections where connection.load < (best?.load ?? limits.depth) && !connection.isSlow {
            if isConfined, let client, !connection.hasBatches(of: client) { continue }
            best = connection
        }
        return best
    }

    /// Queues a batch for which no connection was free.
    ///
    /// - Returns: false if the database has been unreachable for longer than the wait limit, so that the batch fails at
    ///   once.
    mutating func wait(_ entry: Entry, of client: ClientID?, at now: Instant) -> Bool {
        if let emptySince, emptySince.duration(to: now) > limits.wait { return false }
        waiting.add(entry, of: client, at: now)
        return true
    }

    /// The next waiting batch that a connection can take.
    ///
    /// Send it before the next call, because the connection's load decides who follows.
    mutating func next() -> (connection: Connection, entry: Entry)? {
        guard !waiting.isEmpty, leastBusy(for: nil) != nil else { return nil }
        // Batches of one tenant wait for the same connections, so check each tenant once.
        var refused: Set<ClientID> = []
        var free: Connection?
        let index = waiting.firstIndex { client in
            if let client, refused.contains(client) { return false }
            free = leastBusy(for: client)
            if free == nil, let client { refused.insert(client) }
            return free != nil
        }
        guard let index, let free else { return nil }
        return (free, waiting.remove(at: index).entry)
    }

    /// Removes the batches that have waited too long.
    mutating func overdue(at now: Instant) -> [Entry] { waiting.removeOverdue(at: now) }

    // MARK: Connections

    /// Counts an attempt to connect.
    ///
    /// - Returns: false if the pool has stopped or is complete, so that none is made.
    mutating func beginOpening() -> Bool {
        guard !isStopped, connections.count + opening < limits.shared else { return false }
        opening += 1
        return true
    }

    /// An attempt succeeded.
    ///
    /// - Returns: false if the pool has stopped, so that the connection is closed.
    mutating func connected(_ connection: Connection) -> Bool {
        opening -= 1
        guard !isStopped else { return false }
        failures = 0
        emptySince = nil
        connections.append(connection)
        return true
    }

    /// An attempt failed.
    ///
    /// The next one counts as begun until `retry`.
    ///
    /// - Returns: the delay before it: 50 ms, doubled up to 1 s, so that a restarted server is found at once, and an
    ///   unreachable one is not flooded.
    mutating func failed() -> Duration {
        failures += 1
        return .milliseconds(min(1_000, 50 << min(failures / max(1, limits.shared), 5)))
    }

    /// The delay is over.
    ///
    /// - Returns: true if an attempt begins.
    mutating func retry() -> Bool {
        opening -= 1
        return beginOpening()
    }

    mutating func lost(_ connection: Connection, at now: Instant) {
        connections.removeAll { $0 === connection }
        if connections.isEmpty { emptySince = now }
    }

    /// Prepared statements are never closed one by one.
    ///
    /// A connection with many of them, or an old one, is replaced when it is idle.
    ///
    /// One at a time, so that the others continue.
    func wornOut(at now: Instant) -> Connection? {
        connections.first { connection in
            connection.load == 0
                && (connection.preparedCount > 500 || connection.opened.duration(to: now) > limits.lifetime)
        }
    }

    /// - Returns: the batches that still waited.
    mutating func stop() -> [Entry] {
        isStopped = true
        return waiting.removeAll()
    }

    var use: ConnectionUse {
        ConnectionUse(
            limit: limits.shared, open: connections.count, busy: connections.count { $0.load > 0 },
            waiting: waiting.count)
    }
}
