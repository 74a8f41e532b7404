package import EventLoop
internal import Formats

/// Elects the background leader among the processes of one database.
///
/// The leader's session holds the lead until its connection ends, so that another process takes over after any failure.
package final class Leadership: @unchecked Sendable {
    typealias Opening = (@escaping ((any LeaderSession)?) -> Void) -> Void

    /// The longest time without a leader.
    static let pause = Duration.seconds(2)

    private let loop: EventLoop
    private let open: Opening
    private var session: (any LeaderSession)?
    private var isStopped = false
    /// Called on the loop whenever the lead is won or lost.
    private let onChange: @Sendable (Bool) -> Void
    package private(set) var isLeader = false

    package convenience init(
        _ settings: ConnectionSettings, on loop: EventLoop, onChange: @escaping @Sendable (Bool) -> Void
    ) {
        self.init(on: loop, opening: { SeatSession.open(settings, on: loop, $0) }, onChange: onChange)
    }

    /// With sessions of another kind; `open` calls back on the loop.
    init(on loop: EventLoop, opening open: @escaping Opening, onChange: @escaping @Sendable (Bool) -> Void) {
        self.loop = loop
        self.open = open
        self.onChange = onChange
    }

    // MARK: On the loop

    package func start() {
        open { [self] session in
            guard !isStopped, let session else {
                session?.close()
                return tryLater()
            }
            self.session = session
            session.onLoss { [self] in
                self.session = nil
                change(to: false)
                tryLater()
            }
            Task(executorPreference: loop) { [self] in await compete(in: session) }
        }
    }

    package func stop() {
        isStopped = true
        session?.close()
    }

    private func tryLater() {
        guard !isStopped else { return }
        loop.schedule(after: Self.pause) { [self] in if !isStopped { start() } }
    }

    /// Retries until it gets the lead, or the connection is lost.
    private func compete(in session: any LeaderSession) async {
        await session.prepare()
        while session.isOpen, !isLeader {
            if await session.claim() { return change(to: true) }
            await loop.sleep(for: Self.pause)
        }
    }

    private func change(to isLeader: Bool) {
        guard isLeader != self.isLeader else { return }
        self.isLeader = isLeader
        onChange(isLeader)
    }
}
