internal import EventLoop
internal import Formats
internal import HTTP

/// The streams of one loop whose right to stay open is in doubt: each is looked up again, one after the other, and
/// ended where the right is gone.
///
/// While the database is away nothing can be said, so they stay in doubt until it is back.
final class StreamChecks: @unchecked Sendable {
    private let loop: EventLoop
    private var doubted: [Watching] = []
    private var isAtWork = false

    init(on loop: EventLoop) { self.loop = loop }

    func doubt(_ watchings: [Watching]) {
        for watching in watchings where !watching.isDoubted {
            watching.isDoubted = true
            doubted.append(watching)
        }
        guard !isAtWork, !doubted.isEmpty else { return }
        isAtWork = true
        Task(executorPreference: loop) { [self] in await work() }
    }

    private func work() async {
        while !doubted.isEmpty {
            // All of them before one has its second turn.
            let turn = doubted
            doubted = []
            for watching in turn { await look(at: watching) }
        }
        isAtWork = false
    }

    private func look(at watching: Watching) async {
        // From here on another change puts it in doubt again, so that none is missed during the look-up.
        watching.isDoubted = false
        if watching.stream.isClosed { return }
        do {
            if let end = try await watching.right.end() { watching.end = end } else { watching.stream.finish() }
        } catch {
            await loop.sleep(for: .seconds(1))
            doubt([watching])
        }
    }
}
