internal import Synchronization

extension EventLoop {
    /// Runs `work` on this loop and comes back when it is done, or when the limit is over: then it goes on alone.
    package func wait(atMost limit: Duration, for work: @escaping @Sendable () async -> Void) async {
        await withCheckedContinuation { continuation in
            let waiting = Waiting(continuation)
            schedule(after: limit) { waiting.end() }
            Task(executorPreference: self) {
                await work()
                waiting.end()
            }
        }
    }
}

/// A waiter that is resumed by the first of several events.
private final class Waiting: Sendable {
    private let continuation: Mutex<CheckedContinuation<Void, Never>?>

    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = Mutex(continuation) }

    func end() { continuation.withLock { $0.take() }?.resume() }
}
