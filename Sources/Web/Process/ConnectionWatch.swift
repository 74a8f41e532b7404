internal import HTTP
package import Persistence
internal import Synchronization

/// The result of the last attempt to open a new database connection.
package final class ConnectionWatch: Sendable {
    private let last = Mutex<Bool?>(nil)

    /// Nil before the first attempt.
    var works: Bool? { last.withLock(\.self) }

    package var fails: Bool { works == false }

    /// Records an attempt, and logs it if the result changed.
    package func note(_ failure: DatabaseFailure?, _ log: Log) {
        let before = last.withLock { last in
            defer { last = failure == nil }
            return last
        }
        if let failure, before != false {
            log.warning("new database connections fail", [("reason", "\(failure)")])
        } else if failure == nil, before == false {
            log.info("new database connections work again")
        }
    }
}
