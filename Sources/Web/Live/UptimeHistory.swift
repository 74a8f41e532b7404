internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// The bot's uptime as this process last read it: reading it costs the database more than anything else that everyone
/// may ask for, so it is read again only after 30 seconds, or when the state has changed.
package final class UptimeHistory: Sendable {
    private struct Entry {
        let history: BotHealth.History
        let status: BotHealth.Status
        let readAt: ContinuousClock.Instant
    }
    private let kept = Mutex<Entry?>(nil)

    package init() {}

    /// The history of the bot whose state it is; an old one while the database is away.
    package func read(
        with status: BotHealth.Status, _ database: Database
    ) async throws(DatabaseFailure) -> BotHealth.History {
        let entry = kept.withLock { $0 }.flatMap { $0.status.instance == status.instance ? $0 : nil }
        if let entry, entry.status.state == status.state, entry.readAt.duration(to: .now) < .seconds(30) {
            return entry.history
        }
        do {
            let history = try await BotHealth.history(instance: status.instance, database)
            kept.withLock { $0 = Entry(history: history, status: status, readAt: .now) }
            return history
        } catch {
            guard let entry else { throw error }
            return entry.history
        }
    }
}
