internal import Domain
internal import EventLoop
internal import Formats

/// A connection in pipeline mode on a loop: batches are sent at once and answered in order.
final class LoopConnection: Watcher, @unchecked Sendable {
    /// What an answer that is still to come belongs to.
    private enum Step { case preparation([UInt]), hidden, visible }

    private struct Operation {
        var steps: [Step]
        /// What to send once more where a statement was not there, since its preparation failed ahead of this batch.
        var again: Batch?
        var position = 0
        var rows: [Rows] = []
        var failure: DatabaseFailure?
        let sent: ContinuousClock.Instant
        let client: ClientID?
        /// Nil where only a sign of life was asked for.
        let completion: Batch.Completion?
    }

    let opened = ContinuousClock.now
    private let loop: EventLoop
    private let connection: PQConnection
    private var token: WatchToken?
    private var isWatchingWrites = false
    private var names: [[UInt]: String] = [:]
    /// Only ever counts up: the server may know a name that was forgotten here.
    private var nameCount = 0
    private var operations = Fifo<Operation>()
    private var encoder = ParameterEncoder()
    private(set) var isOpen = true
    /// Called once, when the connection is lost.
    var onLoss: ((LoopConnection) -> Void)?
    /// Called whenever a batch was answered.
    var onAnswer: (() -> Void)?

    /// Statements that the server keeps for this connection.
    var preparedCount: Int { names.count }

    /// Batches without an answer yet.
    var load: Int { operations.count }
    /// The same by tenant.
    private var loads: [ClientID: Int] = [:]
    private var isCancelled = false
    /// The tenant for whom it is leased.
    var holder: ClientID?
    /// Whether it can be used for something else after the statement under way.
    var isReusable: Bool { isOpen && !isCancelled }

    func hasBatches(of client: ClientID) -> Bool { loads[client] != nil }
    private(set) var lastUsed = ContinuousClock.now
    /// When the server was last asked for a sign of life, or sent a batch.
    private var lastAsked = ContinuousClock.now
    private var lastAnswer = ContinuousClock.now
    /// SQLSTATE "invalid SQL statement name".
    private static let unknownStatement = "26000"
    /// Whether an answer has been waited for longer than is usual, when that was last looked at: there had better be
    /// nothing more sent.
    private(set) var isSlow = false

    init(_ connection: PQConnection, on loop: EventLoop) throws(DatabaseFailure) {
        self.connection = connection
        self.loop = loop
        guard connection.enterPipeline() else { throw .unavailable(connection.message) }
        do {
            token = try loop.watch(connection.socket, for: .readable, self)
        } catch {
            throw .unavailable("\(error)")
        }
    }

    // MARK: Sending

    /// A batch is a transaction of its own here, so that it may be sent again; within one that is under way, the first of
    /// its batches to fail has undone it.
    func send(_ batch: Batch, isWhole: Bool = true, _ completion: Batch.Completion) {
        lastUsed = .now
        lastAsked = lastUsed
        var steps: [Step] = []
        steps.reserveCapacity(batch.statements.count + 2)
        let hidden = batch.client.map { [Batch.setting(client: $0)] } ?? []
        // All are prepared before one is run: what is wrong with a value must not keep a statement, which batches behind
        // this one already use, from being prepared.
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

    /// Asks the server for a sign of life, which takes no statement: the end of an empty pipeline.
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
        // libpq puts one nil between two statements; more of them in a row would be an endless loop.
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
        lastAnswer = .now
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

    /// A statement whose preparation failed is unknown to the server.
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
        // Not for the first time: the server has forgotten them all (a pooler, DISCARD), so all are prepared anew.
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

    /// Asks the server to give up the statement that is under way; its batch then fails.
    ///
    /// The connection must not be used again: the server may act on the request only after the statement has ended.
    func cancelStatement(on threads: OffLoop) {
        guard isOpen, !operations.isEmpty else { return }
        isCancelled = true
        guard let cancellation = connection.cancellation else { return }
        Task(executorPreference: loop) { await threads.run { cancellation.send() } }
    }

    /// To be called every second: a server that neither answers nor hangs up (a stalled network, a stopped process)
    /// counts as lost, and one that has not been heard of for a while is asked.
    func check(_ limits: Database.Limits, at now: ContinuousClock.Instant) {
        // After a pause of the loop what was waited for may be there already.
        if !operations.isEmpty { ready(.readable) }
        guard isOpen else { return }
        guard let oldest = operations.first else {
            isSlow = false
            if lastAsked.duration(to: now) > limits.silence { ask(at: now) }
            return
        }
        // Batches ahead of it may have taken their time: what counts is how long the server has said nothing.
        let waited = max(oldest.sent, lastAnswer).duration(to: now)
        isSlow = oldest.sent.duration(to: now) > .seconds(1)
        if waited > (oldest.completion == nil ? limits.signOfLife : limits.answer) { lose("no answer in time") }
    }

    /// Closes the connection; whoever waits for an answer is told that it is lost.
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
