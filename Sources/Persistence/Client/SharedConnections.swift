internal import Domain
internal import EventLoop
internal import Formats

/// The connections that all requests of a loop share.
///
/// A batch goes to the connection with the fewest batches in progress.
final class SharedConnections {
    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let limits: Database.Limits
    private var connections: [LoopConnection] = []
    private var opening = 0
    private var failures = 0
    private var waiting = WaitingLine<(Batch, Batch.Completion)>()
    private var isStopped = false
    /// Since when there is no connection.
    private var emptySince: ContinuousClock.Instant? = .now

    init(_ settings: ConnectionSettings, on loop: EventLoop, limits: Database.Limits) {
        self.settings = settings
        self.loop = loop
        self.limits = limits
    }

    func start() {
        for _ in 0..<limits.shared { open() }
        watchOverAnswers()
    }

    func stop() {
        isStopped = true
        for connection in connections { connection.lose("the service is stopping") }
        for (_, completion) in waiting.takeAll() { completion.resume(returning: .failure(Self.stopped)) }
    }

    private static let away = DatabaseFailure.unavailable("no connection became free in time")
    private static let allBusy = DatabaseFailure.busy(
        .init(state: "53300", message: "no connection became free in time", constraint: nil))
    private static let stopped = DatabaseFailure.unavailable("the service is stopping")

    func send(_ batch: Batch, _ completion: Batch.Completion) {
        if isStopped { return completion.resume(returning: .failure(Self.stopped)) }
        guard let connection = leastBusy(for: batch.client) else {
            // The database has been unreachable for longer than the wait limit, so fail at once.
            if let emptySince, emptySince.duration(to: .now) > limits.wait {
                return completion.resume(returning: .failure(.unavailable("the database is unreachable")))
            }
            return waiting.add((batch, completion), on: loop, limit: limits.wait) { [self] entry in
                entry.1.resume(returning: .failure(connections.isEmpty ? Self.away : Self.allBusy))
            }
        }
        connection.send(batch, completion)
    }

    /// The connection with the fewest batches; nil if all are full or slow: a request behind one that waits for a lock
    /// would wait for it too.
    ///
    /// The batches of one tenant use at most half of the connections, so that others find one without them.
    private func leastBusy(for client: ClientID?) -> LoopConnection? {
        let own = client.map { client in connections.count { $0.hasBatches(of: client) } } ?? 0
        let isConfined = own >= max(1, limits.shared / 2)
        var best: LoopConnection?
        for connection in connections where connection.load < (best?.load ?? limits.depth) && !connection.isSlow {
            if isConfined, let client, !connection.hasBatches(of: client) { continue }
            best = connection
        }
        return best
    }

    private func sendWaiting() {
        // Batches of one tenant wait for the same connections, so check each tenant once.
        var refused: Set<ClientID?> = []
        while !refused.contains(nil) {
            let next = waiting.next { batch, _ in
                guard !refused.contains(batch.client), !refused.contains(nil) else { return false }
                if leastBusy(for: batch.client) == nil {
                    refused.insert(leastBusy(for: nil) == nil ? nil : batch.client)
                    return false
                }
                return true
            }
            guard let (batch, completion) = next else { return }
            leastBusy(for: batch.client)?.send(batch, completion)
        }
    }

    var use: ConnectionUse {
        ConnectionUse(
            limit: limits.shared, open: connections.count, busy: connections.count { $0.load > 0 },
            waiting: waiting.count)
    }

    // MARK: Opening and losing

    private func open() {
        opening += 1
        Connecting.start(settings, on: loop) { [self] outcome in
            opening -= 1
            do {
                adopt(try LoopConnection(try outcome.get(), on: loop))
            } catch {
                retryLater()
            }
        }
    }

    private func adopt(_ connection: LoopConnection) {
        guard !isStopped else { return connection.lose("the service is stopping") }
        failures = 0
        emptySince = nil
        connections.append(connection)
        connection.onLoss = { [self] lost in
            connections.removeAll { $0 === lost }
            if connections.isEmpty { emptySince = .now }
            if !isStopped { open() }
        }
        connection.onAnswer = { [self] in if !waiting.isEmpty { sendWaiting() } }
        sendWaiting()
    }

    /// 50 ms, doubled up to 1 s: a restarted server is found at once, and an unreachable one is not flooded.
    private func retryLater() {
        failures += 1
        let delay = Duration.milliseconds(min(1_000, 50 << min(failures / max(1, limits.shared), 5)))
        opening += 1
        loop.schedule(after: delay) { [self] in
            opening -= 1
            if !isStopped, connections.count + opening < limits.shared { open() }
        }
    }

    /// Prepared statements are never closed one by one.
    ///
    /// A connection with many of them, or an old one, is replaced when it is idle.
    ///
    /// One at a time, so that the others continue.
    private func replaceWornOut() {
        let worn = connections.first { connection in
            connection.load == 0
                && (connection.preparedCount > 500 || connection.opened.duration(to: .now) > limits.lifetime)
        }
        worn?.lose("replaced")
    }

    private func watchOverAnswers() {
        loop.schedule(after: .seconds(1)) { [self] in
            guard !isStopped else { return }
            for connection in connections { connection.check(limits, at: .now) }
            replaceWornOut()
            watchOverAnswers()
        }
    }
}
