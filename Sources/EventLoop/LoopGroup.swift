internal import Glibc

/// The event loops of a process, each on a thread of its own.
package final class LoopGroup: Sendable {
    package let loops: [EventLoop]

    /// Use one loop for each core.
    package init(count: Int, clock: SteadyClock = .system) throws(SystemError) {
        var made: [EventLoop] = []
        for _ in 0..<count { made.append(try EventLoop(clock: clock)) }
        loops = made
    }

    package func start() {
        for loop in loops { startThread(loop) }
    }

    package func stop() {
        for loop in loops { loop.stop() }
    }
}

private func startThread(_ loop: EventLoop) {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(loop).toOpaque()
    let result = unsafe pthread_create(&thread, nil, threadMain, context)
    precondition(result == 0, "no thread could be made for an event loop")
    pthread_detach(thread)
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
