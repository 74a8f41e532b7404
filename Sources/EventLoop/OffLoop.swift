internal import Glibc
internal import Synchronization

/// Threads for work that would block a loop: network calls to other servers, files, long computations.
package final class OffLoop: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
    }
    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: maximum threads; a thread ends if it has no work.
    package init(limit: Int) { self.limit = limit }

    /// Runs `work` on one of the threads and resumes on the caller's loop.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            add { continuation.resume(returning: work()) }
        }
    }

    private func add(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        if needsThread { startThread(self) }
    }

    fileprivate func workUntilEmpty() {
        while true {
            let job: (@Sendable () -> Void)? = state.withLock { state in
                if state.jobs.isEmpty {
                    state.threads -= 1
                    return nil
                }
                return state.jobs.removeFirst()
            }
            guard let job else { return }
            job()
        }
    }
}

private func startThread(_ pool: OffLoop) {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(pool).toOpaque()
    let result = unsafe pthread_create(&thread, nil, threadMain, context)
    precondition(result == 0, "no thread could be made")
    pthread_detach(thread)
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    let stack = SignalStack()
    defer { _ = stack }
    unsafe Unmanaged<OffLoop>.fromOpaque(context).takeRetainedValue().workUntilEmpty()
    return nil
}
