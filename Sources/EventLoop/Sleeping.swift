extension EventLoop {
    /// Suspends the calling task, which must run on this loop.
    ///
    /// Not ended early by cancellation: the waits of this program are short or are ended by their owner.
    package func sleep(for delay: Duration) async {
        await withCheckedContinuation { continuation in
            schedule(after: delay) { continuation.resume() }
        }
    }
}
