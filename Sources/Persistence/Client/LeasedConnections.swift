internal import Domain
internal import EventLoop
internal import Formats

/// Connections leased to one holder at a time, opened on demand and closed when idle or old; `LeasedPool` decides.
final class LeasedConnections {
    typealias Lease = Result<LoopConnection, DatabaseFailure>
    private typealias Waiter = CheckedContinuation<Lease, Never>

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let limits: Database.Limits
    private var pool: LeasedPool<LoopConnection, Waiter>
    private var isWatching = false

    init(_ settings: ConnectionSettings, on loop: EventLoop, limits: Database.Limits) {
        self.settings = settings
        self.loop = loop
        self.limits = limits
        pool = LeasedPool(limits)
    }

    /// A tenant may hold at most half of the connections, so that others find one.
    func take(for client: ClientID?) async throws(DatabaseFailure) -> LoopConnection {
        if pool.isStopped { throw Self.stopped }
        if let connection = pool.take(for: client) { return connection }
        return try await withCheckedContinuation { (waiter: Waiter) in
            let opens = pool.wait(waiter, of: client, at: loop.now)
            loop.schedule(after: limits.wait) { [self] in
                for waiter in pool.overdue(at: loop.now) { waiter.resume(returning: .failure(Self.noneFree)) }
            }
            if opens { open() }
        }.get()
    }

    private static let noneFree = DatabaseFailure.unavailable("no connection became free in time")
    private static let stopped = DatabaseFailure.unavailable("the service is stopping")

    func giveBack(_ connection: LoopConnection) { put(connection, to: pool.giveBack(connection, at: loop.now)) }

    private func put(_ connection: LoopConnection, to use: LeasedPool<LoopConnection, Waiter>.Use) {
        switch use {
        case .keep: break
        case .close:
            connection.lose("no longer used")
            serveWaiting()
        case .lease(let waiter): waiter.resume(returning: .success(connection))
        }
    }

    /// The return of a connection that was lost before lets another request of the tenant go on.
    private func serveWaiting() {
        while let (connection, waiter) = pool.next() { waiter.resume(returning: .success(connection)) }
        if pool.beginOpeningForWaiting() { open() }
    }

    func stop() {
        let waiting = pool.stop()
        for connection in pool.idle { connection.lose("the service is stopping") }
        for waiter in waiting { waiter.resume(returning: .failure(Self.stopped)) }
    }

    var use: ConnectionUse { pool.use }

    private func open() {
        Connecting.start(settings, on: loop) { [self] outcome in
            do {
                let connection = try LoopConnection(try outcome.get(), on: loop)
                connection.onLoss = { [self] lost in if pool.lost(lost) { open() } }
                watchLater()
                put(connection, to: pool.connected(connection, at: loop.now))
            } catch {
                let failure = error as? DatabaseFailure ?? .unavailable("\(error)")
                pool.failed()?.resume(returning: .failure(failure))
            }
        }
    }

    /// Runs only while there are connections.
    private func watchLater() {
        guard !isWatching else { return }
        isWatching = true
        loop.schedule(after: .seconds(1)) { [self] in
            isWatching = false
            for connection in pool.open { connection.check(limits, at: loop.now) }
            for connection in pool.unused(at: loop.now) { connection.lose("idle") }
            if !pool.open.isEmpty { watchLater() }
        }
    }
}

extension LoopConnection: LeasedPoolConnection {}
