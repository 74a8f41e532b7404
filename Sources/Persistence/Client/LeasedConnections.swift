internal import EventLoop

/// Connections that are given to one holder at a time, opened when needed and closed when idle or old.
final class LeasedConnections {
    typealias Lease = Result<LoopConnection, DatabaseFailure>

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let limits: Database.Limits
    /// Leased or idle.
    private var open: [LoopConnection] = []
    private var idle: [LoopConnection] = []
    private var opening = 0
    private var waiting = WaitingLine<CheckedContinuation<Lease, Never>>()
    private var isStopped = false
    private var isWatching = false

    init(_ settings: ConnectionSettings, on loop: EventLoop, limits: Database.Limits) {
        self.settings = settings
        self.loop = loop
        self.limits = limits
    }

    func take() async throws(DatabaseFailure) -> LoopConnection {
        if isStopped { throw .unavailable("the service stops") }
        if let connection = idle.popLast() { return connection }
        return try await withCheckedContinuation { (continuation: CheckedContinuation<Lease, Never>) in
            waiting.add(continuation, on: loop, limit: limits.wait) {
                $0.resume(returning: .failure(.unavailable("no connection became free in time")))
            }
            if open.count + opening < limits.leased { openOne() }
        }.get()
    }

    func giveBack(_ connection: LoopConnection) {
        guard connection.isOpen, !isStopped, !isOld(connection) else { return connection.lose("no longer used") }
        if let next = waiting.next() { return next.resume(returning: .success(connection)) }
        idle.append(connection)
    }

    func stop() {
        isStopped = true
        for connection in idle { connection.lose("the service stops") }
        for waiter in waiting.takeAll() { waiter.resume(returning: .failure(.unavailable("the service stops"))) }
    }

    var use: ConnectionUse {
        // Those that are being opened count as busy: somebody waits for each.
        let count = open.count + opening
        return ConnectionUse(limit: limits.leased, open: count, busy: count - idle.count, waiting: waiting.count)
    }

    private func openOne() {
        opening += 1
        Connecting.start(settings, on: loop) { [self] outcome in
            opening -= 1
            do {
                let connection = try LoopConnection(try outcome.get(), on: loop)
                connection.onLoss = { [self] lost in forget(lost) }
                open.append(connection)
                watchLater()
                giveBack(connection)
            } catch {
                let failure = error as? DatabaseFailure ?? .unavailable("\(error)")
                waiting.next()?.resume(returning: .failure(failure))
            }
        }
    }

    private func forget(_ connection: LoopConnection) {
        open.removeAll { $0 === connection }
        idle.removeAll { $0 === connection }
        if !waiting.isEmpty, open.count + opening < limits.leased, !isStopped { openOne() }
    }

    /// Up to a tenth more than the limit, by address, so that connections do not all end at once.
    private func isOld(_ connection: LoopConnection) -> Bool {
        let share = Double(ObjectIdentifier(connection).hashValue & 0xff) / 2_560
        return connection.opened.duration(to: .now) > limits.lifetime * (1 + share)
    }

    /// While there are connections; a loop that has none is left alone.
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
