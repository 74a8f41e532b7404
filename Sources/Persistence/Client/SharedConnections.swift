internal import Domain
internal import EventLoop
internal import Formats

/// The connections that all requests of a loop share.
///
/// A batch goes to the connection with the fewest batches in progress; `SharedPool` decides.
final class SharedConnections {
    private typealias Entry = (batch: Batch, completion: Batch.Completion)

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let limits: Database.Limits
    private var pool: SharedPool<LoopConnection, Entry>

    init(_ settings: ConnectionSettings, on loop: EventLoop, limits: Database.Limits) {
        self.settings = settings
        self.loop = loop
        self.limits = limits
        pool = SharedPool(limits, at: loop.now)
    }

    func start() {
        for _ in 0..<limits.shared { open() }
        watchOverAnswers()
    }

    func stop() {
        let waiting = pool.stop()
        for connection in pool.connections { connection.lose("the service is stopping") }
        for (_, completion) in waiting { completion.resume(returning: .failure(Self.stopped)) }
    }

    var use: ConnectionUse { pool.use }

    private static let unreachable = DatabaseFailure.unavailable("the database is unreachable")
    private static let away = DatabaseFailure.unavailable("no connection became free in time")
    private static let allBusy = DatabaseFailure.busy(
        .init(state: "53300", message: "no connection became free in time", constraint: nil))
    private static let stopped = DatabaseFailure.unavailable("the service is stopping")

    // MARK: Batches

    func send(_ batch: Batch, _ completion: Batch.Completion) {
        if pool.isStopped { return completion.resume(returning: .failure(Self.stopped)) }
        if let connection = pool.leastBusy(for: batch.client) { return connection.send(batch, completion) }
        guard pool.wait((batch, completion), of: batch.client, at: loop.now) else {
            return completion.resume(returning: .failure(Self.unreachable))
        }
        loop.schedule(after: limits.wait) { [self] in refuseOverdue() }
    }

    private func sendWaiting() {
        while let (connection, entry) = pool.next() { connection.send(entry.batch, entry.completion) }
    }

    private func refuseOverdue() {
        let failure = pool.connections.isEmpty ? Self.away : Self.allBusy
        for (_, completion) in pool.overdue(at: loop.now) { completion.resume(returning: .failure(failure)) }
    }

    // MARK: Opening and losing

    private func open() {
        if pool.beginOpening() { connect() }
    }

    private func connect() {
        Connecting.start(settings, on: loop) { [self] outcome in
            do {
                adopt(try LoopConnection(try outcome.get(), on: loop))
            } catch {
                loop.schedule(after: pool.failed()) { [self] in if pool.retry() { connect() } }
            }
        }
    }

    private func adopt(_ connection: LoopConnection) {
        guard pool.connected(connection) else { return connection.lose("the service is stopping") }
        connection.onLoss = { [self] lost in
            pool.lost(lost, at: loop.now)
            open()
            // A tenant whose share the connection was may use another.
            sendWaiting()
        }
        connection.onAnswer = { [self] in sendWaiting() }
        sendWaiting()
    }

    private func watchOverAnswers() {
        loop.schedule(after: .seconds(1)) { [self] in
            guard !pool.isStopped else { return }
            for connection in pool.connections { connection.check(limits, at: loop.now) }
            pool.wornOut(at: loop.now)?.lose("replaced")
            watchOverAnswers()
        }
    }
}

extension LoopConnection: SharedPoolConnection {}
