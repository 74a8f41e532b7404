internal import Domain
internal import EventLoop
internal import Formats

/// Connections leased to one holder at a time, opened on demand and closed when idle or old.
final class LeasedConnections {
    typealias Lease = Result<LoopConnection, DatabaseFailure>
    private typealias Waiter = (client: ClientID?, continuation: CheckedContinuation<Lease, Never>)

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let limits: Database.Limits
    /// Leased or idle.
    private var open: [LoopConnection] = []
    private var idle: [LoopConnection] = []
    private var opening = 0
    private var waiting = WaitingLine<Waiter>()
    /// Leases by tenant.
    private var held: [ClientID: Int] = [:]
    private var isStopped = false
    private var isWatching = false

    init(_ settings: ConnectionSettings, on loop: EventLoop, limits: Database.Limits) {
        self.settings = settings
        self.loop = loop
        self.limits = limits
    }

    /// A tenant may hold at most half of the connections, so that others find one.
    func take(for client: ClientID?) async throws(DatabaseFailure) -> LoopConnection {
        if isStopped { throw .unavailable("the service is stopping") }
        if mayHold(client), let connection = idle.popLast() { return lease(connection, to: client) }
        return try await withCheckedContinuation { (continuation: CheckedContinuation<Lease, Never>) in
            waiting.add((client, continuation), on: loop, limit: limits.wait) {
                $0.continuation.resume(returning: .failure(Self.noneFree))
            }
            if mayHold(client) { openIfPossible() }
        }.get()
    }

    private static let noneFree = DatabaseFailure.unavailable("no connection became free in time")

    private func mayHold(_ client: ClientID?) -> Bool {
        guard let client else { return true }
        return held[client] ?? 0 < max(1, limits.leased / 2)
    }

    private func lease(_ connection: LoopConnection, to client: ClientID?) -> LoopConnection {
        connection.holder = client
        if let client { held[client, default: 0] += 1 }
        return connection
    }

    func giveBack(_ connection: LoopConnection) {
        if let client = connection.holder {
            let left = (held[client] ?? 1) - 1
            held[client] = left > 0 ? left : nil
        }
        connection.holder = nil
        offer(connection)
    }

    private func offer(_ connection: LoopConnection) {
        guard connection.isReusable, !isStopped, !isOld(connection) else { return connection.lose("no longer used") }
        guard let next = waiting.next(where: { mayHold($0.client) }) else { return idle.append(connection) }
        next.continuation.resume(returning: .success(lease(connection, to: next.client)))
    }

    func stop() {
        isStopped = true
        for connection in idle { connection.lose("the service is stopping") }
        for waiter in waiting.takeAll() {
            waiter.continuation.resume(returning: .failure(.unavailable("the service is stopping")))
        }
    }

    var use: ConnectionUse {
        // Connections being opened count as busy, because a request waits for each.
        let count = open.count + opening
        return ConnectionUse(limit: limits.leased, open: count, busy: count - idle.count, waiting: waiting.count)
    }

    private func openIfPossible() {
        guard open.count + opening < limits.leased, !isStopped else { return }
        opening += 1
        Connecting.start(settings, on: loop) { [self] outcome in
            opening -= 1
            do {
                let connection = try LoopConnection(try outcome.get(), on: loop)
                connection.onLoss = { [self] lost in forget(lost) }
                open.append(connection)
                watchLater()
                offer(connection)
            } catch {
                let failure = error as? DatabaseFailure ?? .unavailable("\(error)")
                waiting.next()?.continuation.resume(returning: .failure(failure))
            }
        }
    }

    private func forget(_ connection: LoopConnection) {
        open.removeAll { $0 === connection }
        idle.removeAll { $0 === connection }
        if !waiting.isEmpty { openIfPossible() }
    }

    /// The lifetime varies by up to a tenth, so that connections do not all end at once.
    private func isOld(_ connection: LoopConnection) -> Bool {
        let share = Double(ObjectIdentifier(connection).hashValue & 0xff) / 2_560
        return connection.opened.duration(to: .now) > limits.lifetime * (1 + share)
    }

    /// Runs only while there are connections.
    private func watchLater() {
        guard !isWatching else { return }
        isWatching = true
        loop.schedule(after: .seconds(1)) { [self] in
            isWatching = false
            for connection in open { connection.check(limits, at: .now) }
            for connection in idle where connection.lastUsed.duration(to: .now) >= limits.idle {
                connection.lose("idle")
            }
            if !open.isEmpty { watchLater() }
        }
    }
}
