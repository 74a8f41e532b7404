extension EventLoop {
    /// Suspends the calling task, which must run on this loop.
    ///
    /// Cancellation does not end it early: waits in this program are short or ended by their owner.
    package func sleep(for delay: Duration) async {
        await withCheckedContinuation { continuation in
            schedule(after: delay) { continuation.resume() }
        }
    }
}
