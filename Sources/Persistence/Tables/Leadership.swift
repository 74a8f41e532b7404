package import EventLoop
internal import Formats

/// Elects the background leader among the processes of one database.
///
/// The leader's session holds the lead until its connection ends, so that another process takes over after any failure.
package final class Leadership: @unchecked Sendable {
    /// The longest time without a leader.
    private static let pause = Duration.seconds(2)

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private var connection: LoopConnection?
    private var isStopped = false
    /// Called on the loop whenever the lead is won or lost.
    private let onChange: @Sendable (Bool) -> Void
    package private(set) var isLeader = false

    package init(
        _ settings: ConnectionSettings, on loop: EventLoop, onChange: @escaping @Sendable (Bool) -> Void
    ) {
        self.settings = settings
        self.loop = loop
        self.onChange = onChange
    }

    // MARK: On the loop

    package func start() {
        Connecting.start(settings, on: loop) { [self] outcome in
            guard !isStopped, let open = try? outcome.get(), let connection = try? LoopConnection(open, on: loop) else {
                return tryLater()
            }
            self.connection = connection
            connection.onLoss = { [self] _ in
                self.connection = nil
                change(to: false)
                tryLater()
            }
            Task(executorPreference: loop) { [self] in await compete(on: connection) }
        }
    }

    package func stop() {
        isStopped = true
        connection?.lose("the service stops")
    }

    private func tryLater() {
        guard !isStopped else { return }
        loop.schedule(after: Self.pause) { [self] in if !isStopped { start() } }
    }

    /// Retries until it gets the lead, or the connection is lost.
    private func compete(on connection: LoopConnection) async {
        // Detects a dead leader sooner than after the default of two hours.
        let patience: SQL = """
            SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
                   set_config('tcp_keepalives_count', '3', false)
            """
        let seat = LeaderSeat()
        _ = await ask([patience, seat.mark], connection)
        while connection.isOpen, !isLeader {
            if await isFree(connection), await ask(seat.claim, connection)?.count == 1 { return change(to: true) }
            await loop.sleep(for: Self.pause)
        }
    }

    private func isFree(_ connection: LoopConnection) async -> Bool {
        guard let answer = await ask([LeaderSeat.isTaken], connection) else { return false }
        return (try? answer.only("is taken", of: "leadership", as: Bool.self)) == false
    }

    /// The result of the last statement; nil if the batch failed.
    private func ask(_ statements: [SQL], _ connection: LoopConnection) async -> Rows? {
        let batch = Batch(client: nil, statements: statements)
        return try? await withCheckedContinuation { connection.send(batch, $0) }.get().last
    }

    private func change(to isLeader: Bool) {
        guard isLeader != self.isLeader else { return }
        self.isLeader = isLeader
        onChange(isLeader)
    }
}
