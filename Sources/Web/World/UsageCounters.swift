internal import Domain
internal import Formats
internal import HTTP
package import Persistence
internal import Synchronization

/// Requests of the API, by tenant and day of UTC, until they are written: no request waits for that.
package final class UsageCounters: Sendable {
    private struct State {
        var requests: [UsageCounting.Key: Int64] = [:]
        var flushes = Flushes()
    }

    /// How often it was tried to write what was counted.
    struct Flushes: Sendable {
        var written = 0
        var failed = 0
    }

    private let state = Mutex(State())

    var flushes: Flushes { state.withLock(\.flushes) }
    /// Requests that are counted and not written yet.
    var waiting: Int64 { state.withLock { $0.requests.values.saturatingSum } }

    func count(_ client: ClientID, at now: Timestamp) {
        let key = UsageCounting.Key(client: client, day: now.dayInUTC)
        state.withLock { $0.requests[key, default: 0] += 1 }
    }

    /// Writes what was counted since the last time; what could not be written is written with the next.
    ///
    /// Where the database took it and its answer was lost, it counts twice: a few seconds' requests at most.
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
