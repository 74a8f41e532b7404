/// Why the database did not answer as asked.
package enum DatabaseFailure: Error, Equatable, Sendable {
    /// Not connected, connection lost, or no connection became free in time. Nothing is known of a write.
    case unavailable(String)
    /// The server refused the statement.
    case refused(ServerError)

    package struct ServerError: Error, Equatable, Sendable {
        /// SQLSTATE, five characters: the source is appendix A of the PostgreSQL manual.
        package let state: String
        /// For the log only: it may hold values.
        package let message: String
        package let constraint: String?
    }

    /// The constraint that a duplicate ran into, if that is what happened.
    package var violatedUniqueness: String? {
        if case .refused(let error) = self, error.state == "23505" { error.constraint ?? "" } else { nil }
    }

    /// The constraint that a duplicate, or a reference to what is not there, ran into.
    package var brokenConstraint: String? {
        if case .refused(let error) = self, ["23503", "23505"].contains(error.state) { error.constraint } else { nil }
    }

    /// Shutting down, starting up, out of connections, memory or disk, a statement or lock that took too long:
    /// another try later may do.
    var isPassing: Bool {
        guard case .refused(let error) = self else { return true }
        return ["08", "53", "57", "58"].contains(error.state.prefix(2))
            || ["40001", "40P01", "55P03", "25006"].contains(error.state)
    }

    /// Whether two transactions waited for each other and this one was chosen to give way; told after `normalized` too.
    var isDeadlock: Bool {
        switch self {
        case .refused(let error): error.state == "40P01"
        case .unavailable(let reason): reason.hasPrefix("40P01 ")
        }
    }

    /// Whether a lock was not to be had in time; told after `normalized` too.
    var isLockTimeout: Bool {
        switch self {
        case .refused(let error): error.state == "55P03"
        case .unavailable(let reason): reason.hasPrefix("55P03 ")
        }
    }

    /// Passing refusals read as `unavailable`, since callers treat both alike.
    var normalized: DatabaseFailure {
        guard case .refused(let error) = self, isPassing else { return self }
        return .unavailable("\(error.state) \(error.message)")
    }
}
