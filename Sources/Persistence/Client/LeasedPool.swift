internal import Domain
internal import Formats

/// A connection as `LeasedPool` sees it.
protocol LeasedPoolConnection: AnyObject {
    /// True if it can be leased again.
    var isReusable: Bool { get }
    var opened: ContinuousClock.Instant { get }
    var lastUsed: ContinuousClock.Instant { get }
    /// The tenant of the lease.
    var holder: ClientID? { get set }
}

/// The decisions of `LeasedConnections`: who gets a connection, when one is opened, and when it is closed.
///
/// A state machine without input and output. Times are arguments; the caller carries out the results.
struct LeasedPool<Connection: LeasedPoolConnection, Entry> {
    typealias Instant = ContinuousClock.Instant

    /// The use of a connection that is free.
    enum Use {
        /// It stays idle.
        case keep
        case close
        /// It is leased to this waiting request.
        case lease(Entry)
    }

    private let limits: Database.Limits
    /// Leased or idle.
    private(set) var open: [Connection] = []
    private(set) var idle: [Connection] = []
    private(set) var opening = 0
    private var waiting: WaitingLine<Entry>
    /// Leases by tenant.
    private var held: [ClientID: Int] = [:]
    private(set) var isStopped = false

    init(_ limits: Database.Limits) {
        self.limits = limits
        waiting = WaitingLine(limit: limits.wait)
    }

    // MARK: Leases

    /// Leases an idle connection; nil if there is none, or the tenant may hold no more.
    mutating func take(for client: ClientID?) -> Connection? {
        guard mayHold(client), let connection = idle.popLast() else { return nil }
        lease(connection, to: client)
        return connection
    }

    /// Queues a request that `take` had no connection for.
    ///
    /// - Returns: true if a connection is to be opened for it.
    mutating func wait(_ entry: Entry, of client: ClientID?, at now: Instant) -> Bool {
        waiting.add(entry, of: client, at: now)
        return mayHold(client) && beginOpening()
    }

    mutating func giveBack(_ connection: Connection, at now: Instant) -> Use {
        if let client = connection.holder {
            let left = (held[client] ?? 1) - 1
            held[client] = left > 0 ? left : nil
        }
        connection.holder = nil
        return offer(connection, at: now)
    }

    /// The next waiting request that an idle connection can serve.
    mutating func next() -> (connection: Connection, entry: Entry)? {
        guard !idle.isEmpty, let index = waiting.firstIndex(where: mayHold) else { return nil }
        let (entry, client) = waiting.remove(at: index)
        let connection = idle.removeLast()
        lease(connection, to: client)
        return (connection, entry)
    }

    /// Removes the requests that have waited too long.
    mutating func overdue(at now: Instant) -> [Entry] { waiting.removeOverdue(at: now) }

    /// A tenant may hold at most half of the connections, so that others find one.
    private func mayHold(_ client: ClientID?) -> Bool {
        guard let client else { return true }
        return held[client] ?? 0 < max(1, limits.leased / 2)
    }

    private mutating func lease(_ connection: Connection, to client: ClientID?) {
        connection.holder = client
        if let client { held[client, default: 0] += 1 }
    }

    private mutating func offer(_ connection: Connection, at now: Instant) -> Use {
        guard connection.isReusable, !isStopped, !isOld(connection, at: now) else { return .close }
        guard let index = waiting.firstIndex(where: mayHold) else {
            idle.append(connection)
            return .keep
        }
        let (entry, client) = waiting.remove(at: index)
        lease(connection, to: client)
        return .lease(entry)
    }

    /// The lifetime varies by up to a tenth, so that connections do not all end at once.
    private func isOld(_ connection: Connection, at now: Instant) -> Bool {
        let share = Double(ObjectIdentifier(connection).hashValue & 0xff) / 2_560
        return connection.opened.duration(to: now) > limits.lifetime * (1 + share)
    }

    // MARK: Connections

    private mutating func beginOpening() -> Bool {
        guard open.count + opening < limits.leased, !isStopped else { return false }
        opening += 1
        return true
    }

    /// Counts an attempt to connect for a request that may go on and for which none is in progress.
    ///
    /// - Returns: true if a connection is to be opened.
    mutating func beginOpeningForWaiting() -> Bool {
        waiting.firstIndex(where: mayHold) != nil && opening < waiting.count && beginOpening()
    }

    mutating func connected(_ connection: Connection, at now: Instant) -> Use {
        opening -= 1
        open.append(connection)
        return offer(connection, at: now)
    }

    /// - Returns: the request that fails with the attempt.
    mutating func failed() -> Entry? {
        opening -= 1
        return waiting.isEmpty ? nil : waiting.remove(at: 0).entry
    }

    /// - Returns: true if another one is to be opened.
    mutating func lost(_ connection: Connection) -> Bool {
        open.removeAll { $0 === connection }
        idle.removeAll { $0 === connection }
        return !waiting.isEmpty && beginOpening()
    }

    /// The connections that were idle for too long.
    func unused(at now: Instant) -> [Connection] { idle.filter { $0.lastUsed.duration(to: now) >= limits.idle } }

    /// - Returns: the requests that still waited.
    mutating func stop() -> [Entry] {
        isStopped = true
        return waiting.removeAll()
    }

    var use: ConnectionUse {
        // Connections being opened count as busy, because a request waits for each.
        let count = open.count + opening
        return ConnectionUse(limit: limits.leased, open: count, busy: count - idle.count, waiting: waiting.count)
    }
}
