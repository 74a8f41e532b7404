internal import HTTP
package import Persistence
internal import Synchronization

/// Whether new connections to the database worked when that was last tried.
package final class ConnectionWatch: Sendable {
    private let last = Mutex<Bool?>(nil)

    /// Nil before the first try.
    var works: Bool? { last.withLock(\.self) }

    package var fails: Bool { works == false }

    /// Notes how a try went; says so in the log when that is news.
    package func note(_ failure: DatabaseFailure?, _ log: Log) {
        let before = last.withLock { last in
            defer { last = failure == nil }
            return last
        }
        if let failure, before != false {
            log.warning("new connections to the database do not work", [("reason", "\(failure)")])
        } else if failure == nil, before == false {
            log.info("new connections to the database work again")
        }
    }
}
