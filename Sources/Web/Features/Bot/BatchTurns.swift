package import EventLoop
internal import Synchronization

/// Turns for batches: at most so many are worked off at the same time, the others in the order in which they came.
///
/// A batch keeps a core of the database busy for a tenth of a second. With as many at work as there are cores, everyone
/// who reads would wait behind them. Shared by all loops.
package final class BatchTurns: Sendable {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var waiting: [Waiter] = []
        var lastNumber = 0
    }

    private let state: Mutex<State>
    private let patience: Duration

    package init(_ count: Int, patience: Duration) {
        state = Mutex(State(free: count))
        self.patience = patience
    }

    /// Waits for a turn, which has to be given back; false when none came in time.
    ///
    /// The loop is the caller's own.
    package func take(on loop: EventLoop) async -> Bool {
        await withCheckedContinuation { continuation in
            guard let number = begin(continuation) else { return continuation.resume(returning: true) }
            loop.schedule(after: patience) { [self] in giveUp(number) }
        }
    }

    package func giveBack() {
        let next: Waiter? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.continuation.resume(returning: true)
    }

    /// The number in the line; nil where a turn is free.
    private func begin(_ continuation: CheckedContinuation<Bool, Never>) -> Int? {
        state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.lastNumber += 1
            state.waiting.append(Waiter(number: state.lastNumber, continuation: continuation))
            return state.lastNumber
        }
    }

    private func giveUp(_ number: Int) {
        let waiter: Waiter? = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }
}
