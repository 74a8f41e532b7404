internal import Formats

/// The reason why a database request failed.
package enum DatabaseFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not connected, connection lost, or no connection became free in time.
    ///
    /// The result of a write is unknown.
    case unavailable(String)
    /// A lock, a conflicting transaction, or a timeout.
    ///
    /// The transaction was rolled back; a retry may succeed.
    case busy(ServerError)
    /// The server rejected the statement.
    case refused(ServerError)
    /// The columns or values of a result differ from those that the program expects.
    case misread(Misread)

    package struct ServerError: Error, Equatable, Sendable {
        /// SQLSTATE, five characters: the source is appendix A of the PostgreSQL manual.
        package let state: String
        /// For the log only: it may contain values.
        package let message: String
        package let constraint: String?
    }

    /// For the log only, because it holds the unknown word.
    package struct Misread: Equatable, Sendable {
        package let table: String
        /// As in the SELECT list.
        package let column: String
        package let problem: String
    }

    package var description: String {
        switch self {
        case .unavailable(let reason): "the database is unreachable: \(reason)"
        case .busy(let error): "the database was busy: \(error.state) \(error.message)"
        case .refused(let error): "the database rejected the statement: \(error.state) \(error.message)"
        case .misread(let cell): "the database's answer cannot be read: \(cell.table): \(cell.column) \(cell.problem)"
        }
    }

    /// The violated unique constraint; nil for other errors.
    package var violatedUniqueness: String? {
        if case .refused(let error) = self, error.state == "23505" { error.constraint ?? "" } else { nil }
    }

    /// The violated unique or foreign-key constraint; nil for other errors.
    package var brokenConstraint: String? {
        if case .refused(let error) = self, ["23503", "23505"].contains(error.state) { error.constraint } else { nil }
    }

    /// True if this transaction was the victim of a deadlock.
    var isDeadlock: Bool {
        if case .busy(let error) = self { error.state == "40P01" } else { false }
    }

    /// Classifies a server error by the possible reaction.
    init(_ error: ServerError) {
        // Serialization failure, deadlock, lock timeout, statement timeout, or a lost prepared statement.
        if ["40001", "40P01", "55P03", "57014", "26000"].contains(error.state) {
            self = .busy(error)
        } else if ["08", "53", "57", "58"].contains(error.state.prefix(2)) || error.state == "25006" {
            // Shutting down, starting up, out of connections, memory or disk, or a standby.
            self = .unavailable("\(error.state) \(error.message)")
        } else {
            self = .refused(error)
        }
    }

    /// True for a lock timeout.
    var isLockTimeout: Bool {
        if case .busy(let error) = self { error.state == "55P03" } else { false }
    }
}
