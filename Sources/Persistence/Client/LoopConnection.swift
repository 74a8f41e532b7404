internal import Domain
internal import EventLoop
internal import Formats

/// A connection in pipeline mode on a loop: batches are sent at once, and results arrive in order.
final class LoopConnection: Watcher, @unchecked Sendable {
    /// The request that an expected result belongs to.
    private enum Step { case preparation([UInt]), hidden, visible }

    private struct Operation {
        var steps: [Step]
        /// Sent again if a prepared statement was unknown to the server, because its preparation failed in an earlier
        /// batch.
        var again: Batch?
        var position = 0
        var rows: [Rows] = []
        var failure: DatabaseFailure?
        let sent: ContinuousClock.Instant
        let client: ClientID?
        /// Nil for a sign-of-life request.
        let completion: Batch.Completion?
    }

    let opened: ContinuousClock.Instant
    private let loop: EventLoop
    private let connection: PQConnection
    private var token: WatchToken?
    private var isWatchingWrites = false
    private var names: [[UInt]: String] = [:]
    /// Never reused: the server may still know a name that was dropped here.
    private var nameCount = 0
    private var operations = Fifo<Operation>()
    private var encoder = ParameterEncoder()
    private(set) var isOpen = true
    /// Called once, when the connection is lost.
    var onLoss: ((LoopConnection) -> Void)?
    /// Called after each completed batch.
    var onAnswer: (() -> Void)?

    /// Prepared statements on this connection.
    var preparedCount: Int { names.count }

    /// Batches in progress.
    var load: Int { operations.count }
    /// The same by tenant.
    private var loads: [ClientID: Int] = [:]
    private var isCancelled = false
    /// The tenant of the lease.
    var holder: ClientID?
    /// True if it can be reused after the statement in progress.
    var isReusable: Bool { isOpen && !isCancelled }

    func hasBatches(of client: ClientID) -> Bool { loads[client] != nil }
    private(set) var lastUsed: ContinuousClock.Instant
    /// When a batch or a sign-of-life request was last sent.
    private var lastAsked: ContinuousClock.Instant
    private var lastAnswer: ContinuousClock.Instant
    /// SQLSTATE "invalid SQL statement name".
    private static let unknownStatement = "26000"
    /// True if some answer was overdue at the last check.
    ///
    /// Send nothing more here until it has caught up.
    private(set) var isSlow = false

    init(_ connection: PQConnection, on loop: EventLoop) throws(DatabaseFailure) {
        self.connection = connection
        self.loop = loop
        opened = loop.now
        (lastUsed, lastAsked, lastAnswer) = (opened, opened, opened)
        guard connection.enterPipeline() else { throw .unavailable(connection.message) }
        do {
            token = try loop.watch(connection.socket, for: .readable, self)
        } catch {
            throw .unavailable("\(error)")
        }
    }

    // MARK: Sending

    /// `isWhole`: the batch is a transaction of its own, so it may be sent again.
    ///
    /// Inside a larger transaction, the first failed batch has aborted it.
    func send(_ batch: Batch, isWhole: Bool = true, _ completion: Batch.Completion) {
        lastUsed = loop.now
        lastAsked = lastUsed
        var steps: [Step] = []
        steps.reserveCapacity(batch.statements.count + 2)
        let hidden = batch.client.map { [Batch.setting(client: $0)] } ?? []
        // Prepare all before running any: an invalid value must not prevent the preparation of a statement that later
        // batches already use.
        var isSent = (hidden + batch.statements).allSatisfy { prepare($0, &steps) }
        for statement in hidden where isSent { isSent = run(statement, as: .hidden, &steps) }
        for statement in batch.statements where isSent { isSent = run(statement, as: .visible, &steps) }
        isSent = isSent && connection.synchronize()
        operations.append(
            Operation(
                steps: steps, again: isWhole ? batch : nil, sent: lastUsed, client: batch.client,
                completion: completion))
        if let client = batch.client { loads[client, default: 0] += 1 }
        guard isSent else { return lose(connection.message) }
        watchWrites(connection.flush())
    }

    /// Asks the server for a sign of life without a statement, by an empty pipeline.
    private func ask(at now: ContinuousClock.Instant) {
        lastAsked = now
        operations.append(Operation(steps: [], again: nil, sent: now, client: nil, completion: nil))
        guard connection.synchronize() else { return lose(connection.message) }
        watchWrites(connection.flush())
    }

    private func prepare(_ statement: SQL, _ steps: inout [Step]) -> Bool {
        let shape = statement.shape
        if names[shape] != nil { return true }
        let name = "s\(nameCount)"
        nameCount += 1
        guard connection.sendPrepare(name, statement) else { return false }
        names[shape] = name
        steps.append(.preparation(shape))
        return true
    }

    private func run(_ statement: SQL, as step: Step, _ steps: inout [Step]) -> Bool {
        guard let name = names[statement.shape] else { return false }
        encoder.encode(statement.values)
        steps.append(step)
        return connection.sendExecute(name, encoder)
    }

    private func watchWrites(_ isNeeded: Bool) {
        guard isNeeded != isWatchingWrites, let token else { return }
        isWatchingWrites = isNeeded
        loop.change(token, to: isNeeded ? [.readable, .writable] : .readable)
    }

    // MARK: Receiving

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writable) { watchWrites(connection.flush()) }
        guard connection.consumeInput() else { return lose(connection.message) }
        // libpq returns one nil between two statements; more in a row would be an endless loop.
        var gaps = 0
        while !operations.isEmpty, !connection.isBusy, gaps < 4 {
            guard let answer = connection.nextAnswer() else {
                gaps += 1
                continue
            }
            gaps = 0
            take(answer)
        }
        if !connection.isOpen { lose(connection.message) }
    }

    private func take(_ answer: PQConnection.Answer) {
        lastAnswer = loop.now
        if case .synchronized = answer { return complete() }
        operations.updateFirst { operation in
            let step = operation.position < operation.steps.count ? operation.steps[operation.position] : .hidden
            operation.position += 1
            switch (answer, step) {
            case (.rows(let rows), .visible): operation.rows.append(rows)
            case (.refused(let error), _):
                operation.failure = operation.failure ?? DatabaseFailure(error)
                forget(step)
            case (.skipped, _): forget(step)
            default: break
            }
        }
    }

    /// The server does not know a statement whose preparation failed.
    private func forget(_ step: Step) {
        if case .preparation(let shape) = step { names[shape] = nil }
    }

    private func complete() {
        guard let operation = operations.popFirst() else { return }
        if let client = operation.client { count(out: client) }
        if case .busy(let error) = operation.failure, error.state == Self.unknownStatement,
            let batch = operation.again, let completion = operation.completion
        {
            return send(batch, isWhole: false, completion)
        }
        // The resent batch failed too: the server has dropped all prepared statements (a pooler, DISCARD), so prepare
        // all again.
        if case .busy(let error) = operation.failure, error.state == Self.unknownStatement { names = [:] }
        isSlow = isSlow && operations.first.map { $0.sent.duration(to: lastAnswer) > .seconds(1) } ?? false
        operation.completion?.resume(returning: operation.failure.map { .failure($0) } ?? .success(operation.rows))
        onAnswer?()
    }

    private func count(out client: ClientID) {
        let left = (loads[client] ?? 1) - 1
        loads[client] = left > 0 ? left : nil
    }

    // MARK: Ending

    /// Asks the server to cancel the statement in progress; its batch then fails.
    ///
    /// The connection must not be reused: the server may act on the request only after the statement has ended.
    func cancelStatement(on threads: OffLoop) {
        guard isOpen, !operations.isEmpty else { return }
        isCancelled = true
        guard let cancellation = connection.cancellation else { return }
        Task(executorPreference: loop) { await threads.run { cancellation.send() } }
    }

    /// Call every second.
    ///
    /// A server that neither responds nor closes the connection (a stalled network, a stopped process) counts as lost;
    /// a silent one is asked for a sign of life.
    func check(_ limits: Database.Limits, at now: ContinuousClock.Instant) {
        // After a pause of the loop the result may have arrived already.
        if !operations.isEmpty { ready(.readable) }
        guard isOpen else { return }
        guard let oldest = operations.first else {
            isSlow = false
            if lastAsked.duration(to: now) > limits.silence { ask(at: now) }
            return
        }
        // Batches ahead of it may have been slow, so measure how long the server has been silent.
        let waited = max(oldest.sent, lastAnswer).duration(to: now)
        isSlow = oldest.sent.duration(to: now) > .seconds(1)
        if waited > (oldest.completion == nil ? limits.signOfLife : limits.answer) { lose("no response in time") }
    }

    /// Closes the connection; requests in progress fail as lost.
    func lose(_ reason: String) {
        guard isOpen else { return }
        isOpen = false
        if let token { loop.unwatch(token) }
        token = nil
        for operation in operations.takeAll() {
            operation.completion?.resume(returning: .failure(.unavailable("connection lost: \(reason)")))
        }
        let onLoss = onLoss
        self.onLoss = nil
        onLoss?(self)
    }
}
