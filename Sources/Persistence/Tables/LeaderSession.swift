internal import EventLoop
internal import Formats

/// A connection to the database that competes for the lead, as `Leadership` sees it.
protocol LeaderSession: AnyObject, Sendable {
    var isOpen: Bool { get }
    /// Called once, when the connection is lost.
    func onLoss(_ action: @escaping () -> Void)
    /// Call once, before `claim`.
    func prepare() async
    /// Takes the lead if no other session has it.
    ///
    /// - Returns: true if this session leads.
    func claim() async -> Bool
    func close()
}

/// The session of a process in the table `leadership`.
final class SeatSession: LeaderSession {
    private let connection: LoopConnection
    private let seat = LeaderSeat()

    private init(_ connection: LoopConnection) { self.connection = connection }

    /// Calls `completion` on the loop; with nil if the connection failed.
    static func open(
        _ settings: ConnectionSettings, on loop: EventLoop, _ completion: @escaping ((any LeaderSession)?) -> Void
    ) {
        Connecting.start(settings, on: loop) { outcome in
            let connection = (try? outcome.get()).flatMap { try? LoopConnection($0, on: loop) }
            completion(connection.map { SeatSession($0) })
        }
    }

    var isOpen: Bool { connection.isOpen }

    func onLoss(_ action: @escaping () -> Void) { connection.onLoss = { _ in action() } }

    func prepare() async {
        // Detects a dead leader sooner than after the default of two hours.
        let patience: SQL = """
            SELECT set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
                   set_config('tcp_keepalives_count', '3', false)
            """
        _ = await ask([patience, seat.mark])
    }

    func claim() async -> Bool {
        guard let answer = await ask([LeaderSeat.isTaken]),
            (try? answer.only("is taken", of: "leadership", as: Bool.self)) == false
        else { return false }
        return await ask(seat.claim)?.count == 1
    }

    func close() { connection.lose("the service stops") }

    /// The result of the last statement; nil if the batch failed.
    private func ask(_ statements: [SQL]) async -> Rows? {
        let batch = Batch(client: nil, statements: statements)
        return try? await withCheckedContinuation { connection.send(batch, $0) }.get().last
    }
}
