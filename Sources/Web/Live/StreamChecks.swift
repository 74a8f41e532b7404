internal import EventLoop
internal import Formats
internal import HTTP

/// The streams of one loop whose right is in doubt.
///
/// Each is checked again, one after the other, and ended if the right is lost.
///
/// While the database is unreachable, they stay in doubt.
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
            // Check all streams once before any is checked again.
            let turn = doubted
            doubted = []
            for watching in turn { await look(at: watching) }
        }
        isAtWork = false
    }

    private func look(at watching: Watching) async {
        // Reset the mark before the lookup, so that a change during it is not missed.
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
