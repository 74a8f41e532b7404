internal import Domain
internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// Counts API requests by tenant and UTC day in memory, so that no request waits for the write.
package final class UsageCounters: Sendable {
    private struct State {
        var requests: [UsageCounting.Key: Int64] = [:]
        var flushes = Flushes()
    }

    /// Numbers of successful and failed writes.
    struct Flushes: Sendable {
        var written = 0
        var failed = 0
    }

    private let state = Mutex(State())

    var flushes: Flushes { state.withLock(\.flushes) }
    /// Requests counted and not written yet.
    var waiting: Int64 { state.withLock { $0.requests.values.saturatingSum } }

    func count(_ client: ClientID, at now: Timestamp) {
        let key = UsageCounting.Key(client: client, day: now.dayInUTC)
        state.withLock { $0.requests[key, default: 0] += 1 }
    }

    /// Writes the counts since the last flush; failed counts stay for the next one.
    ///
    /// If the commit succeeded but its response was lost, they count twice: a few seconds of requests at most.
    package func flush(_ database: Database) async throws(DatabaseFailure) {
        let counted = state.withLock { state in
            defer { state.requests = [:] }
            return state.requests
        }
        if counted.isEmpty { return }
        do {
            try await UsageCounting.add(counted, database)
            state.withLock { $0.flushes.written += 1 }
        } catch {
            state.withLock { state in
                state.requests.merge(counted, uniquingKeysWith: +)
                state.flushes.failed += 1
            }
            throw error
        }
    }
}
