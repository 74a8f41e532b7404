internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// The background queues as of the last read, so that metrics need no query.
package final class QueueWatch: Sendable {
    private let last = Mutex<(queues: BackgroundQueues, at: ContinuousClock.Instant)?>(nil)

    package init() {}

    package func read(_ database: Database, at now: ContinuousClock.Instant) async throws(DatabaseFailure) {
        let queues = try await BackgroundQueues.read(database)
        last.withLock { $0 = (queues, now) }
    }

    /// Nil if the last read is over a minute old: another process reads them, or the database is unreachable.
    func latest(at now: ContinuousClock.Instant) -> BackgroundQueues? {
        last.withLock { last in last.flatMap { $0.at.duration(to: now) < .seconds(60) ? $0.queues : nil } }
    }
}
