internal import Domain
package import Persistence
internal import Synchronization

/// Requests of the API, by tenant and day of UTC, until they are written: no request waits for that.
package final class UsageCounters: Sendable {
    private let requests = Mutex<[UsageCounting.Key: Int64]>([:])

    func count(_ client: ClientID, at now: Timestamp) {
        let key = UsageCounting.Key(client: client, day: now.dayInUTC)
        requests.withLock { $0[key, default: 0] += 1 }
    }

    /// Writes what was counted since the last time; what could not be written is written with the next.
    ///
    /// Where the database took it and its answer was lost, it counts twice: a few seconds' requests at most.
    package func flush(_ database: Database) async throws(DatabaseFailure) {
        let counted = requests.withLock { requests in
            defer { requests = [:] }
            return requests
        }
        if counted.isEmpty { return }
        do {
            try await UsageCounting.add(counted, database)
        } catch {
            requests.withLock { $0.merge(counted, uniquingKeysWith: +) }
            throw error
        }
    }
}
