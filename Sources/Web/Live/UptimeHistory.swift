internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// Caches the bot's uptime.
///
/// It is the most expensive query that is public, so it is repeated only after 30 seconds or a change of state.
package final class UptimeHistory: Sendable {
    private struct Entry {
        let history: BotHealth.History
        let status: BotHealth.Status
        let readAt: ContinuousClock.Instant
    }
    private let kept = Mutex<Entry?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    /// The history of the bot with this state; an old one while the database is unreachable.
    package func read(
        with status: BotHealth.Status, _ database: Database
    ) async throws(DatabaseFailure) -> BotHealth.History {
        let entry = kept.withLock { $0 }.flatMap { $0.status.instance == status.instance ? $0 : nil }
        if let entry, entry.status.state == status.state, entry.readAt.duration(to: now()) < .seconds(30) {
            return entry.history
        }
        do {
            let history = try await BotHealth.history(instance: status.instance, database)
            kept.withLock { $0 = Entry(history: history, status: status, readAt: now()) }
            return history
        } catch {
            guard let entry else { throw error }
            return entry.history
        }
    }
}
