internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// What waited to be done in the background when that was last looked at: whoever asks for the metrics does not wait for
/// the database.
package final class QueueWatch: Sendable {
    private let last = Mutex<(queues: BackgroundQueues, at: ContinuousClock.Instant)?>(nil)

    package init() {}

    package func read(_ database: Database, at now: ContinuousClock.Instant) async throws(DatabaseFailure) {
        let queues = try await BackgroundQueues.read(database)
        last.withLock { $0 = (queues, now) }
    }

    /// Nil where it was not looked at for a minute: by another process then, or since the database is away.
    func latest(at now: ContinuousClock.Instant) -> BackgroundQueues? {
        last.withLock { last in last.flatMap { $0.at.duration(to: now) < .seconds(60) ? $0.queues : nil } }
    }
}
