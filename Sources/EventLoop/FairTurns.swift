internal import Synchronization

/// A fair semaphore for all loops.
///
/// Keys take turns, so one key with many entries delays the others by at most one turn.
package final class FairTurns<Key: Hashable & Sendable>: Sendable {
    private struct State {
        var queue: TurnQueue<Key>
        var continuations: [Int: CheckedContinuation<Bool, Never>] = [:]
        var lastTicket = 0
    }

    private let state: Mutex<State>
    private let timeout: Duration

    /// - Parameters:
    ///   - limit: turns at once, in the whole process.
    ///   - limitPerKey: turns at once of one key.
    ///   - waitingPerKey: entries of one key that may wait; more are refused at once.
    ///   - timeout: the longest wait.
    package init(_ limit: Int, perKey limitPerKey: Int, waitingPerKey: Int, timeout: Duration) {
        state = Mutex(
            State(queue: TurnQueue(limit: limit, limitPerKey: limitPerKey, waitingPerKey: waitingPerKey)))
        self.timeout = timeout
    }

    /// Waits for a turn; return it afterwards.
    ///
    /// `loop` is the caller's loop.
    ///
    /// - Returns: false if too many entries wait already, the wait timed out, or the task was cancelled.
    package func take(for key: Key, on loop: EventLoop) async -> Bool {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { enter(ticket, key, on: loop, $0) }
        } onCancel: {
            giveUp(ticket, key)
        }
    }

    package func giveBack(_ key: Key) {
        let next = state.withLock { state in
            state.queue.leave(key).compactMap { state.continuations.removeValue(forKey: $0) }
        }
        for continuation in next { continuation.resume(returning: true) }
    }

    /// Waiting entries.
    package var waiting: Int { state.withLock { $0.queue.waitingCount } }

    private func enter(
        _ ticket: Int, _ key: Key, on loop: EventLoop, _ continuation: CheckedContinuation<Bool, Never>
    ) {
        let entry = state.withLock { state in
            let entry = state.queue.enter(key, ticket: ticket)
            if entry == .waiting { state.continuations[ticket] = continuation }
            return entry
        }
        guard entry == .waiting else { return continuation.resume(returning: entry == .granted) }
        loop.schedule(after: timeout) { [self] in giveUp(ticket, key) }
        // A cancellation before this point found nothing to withdraw.
        if Task.isCancelled { giveUp(ticket, key) }
    }

    private func giveUp(_ ticket: Int, _ key: Key) {
        let continuation = state.withLock { state in
            state.queue.withdraw(ticket, of: key) ? state.continuations.removeValue(forKey: ticket) : nil
        }
        continuation?.resume(returning: false)
    }
}
