/// Why the database did not answer as asked.
package enum DatabaseFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not connected, connection lost, or no connection became free in time. Nothing is known of a write.
    case unavailable(String)
    /// Something else was in the way: a lock, another transaction, or too little time.
    ///
    /// The transaction was undone; the same may well work in a moment.
    case busy(ServerError)
    /// The server refused the statement.
    case refused(ServerError)
    /// The answer is not what the program expects of the schema.
    case misread(Misread)

    package struct ServerError: Error, Equatable, Sendable {
        /// SQLSTATE, five characters: the source is appendix A of the PostgreSQL manual.
        package let state: String
        /// For the log only: it may hold values.
        package let message: String
        package let constraint: String?
    }

    /// For the log only: an unknown word is named.
    package struct Misread: Equatable, Sendable {
        package let table: String
        /// As the statement selects it.
        package let column: String
        package let problem: String
    }

    package var description: String {
        switch self {
        case .unavailable(let reason): "the database cannot be reached: \(reason)"
        case .busy(let error): "the database was busy: \(error.state) \(error.message)"
        case .refused(let error): "the database refused: \(error.state) \(error.message)"
        case .misread(let cell): "the database's answer cannot be read: \(cell.table): \(cell.column) \(cell.problem)"
        }
    }

    /// The constraint that a duplicate ran into, if that is what happened.
    package var violatedUniqueness: String? {
        if case .refused(let error) = self, error.state == "23505" { error.constraint ?? "" } else { nil }
    }

    /// The constraint that a duplicate, or a reference to what is not there, ran into.
    package var brokenConstraint: String? {
        if case .refused(let error) = self, ["23503", "23505"].contains(error.state) { error.constraint } else { nil }
    }

    /// Whether two transactions waited for each other and this one was chosen to give way.
    var isDeadlock: Bool {
        if case .busy(let error) = self { error.state == "40P01" } else { false }
    }

    /// What the server said, told apart by what may be done about it.
    init(_ error: ServerError) {
        // A serialization failure, a deadlock, a lock or a statement that took too long, or one whose preparation did.
        if ["40001", "40P01", "55P03", "57014", "26000"].contains(error.state) {
            self = .busy(error)
        } else if ["08", "53", "57", "58"].contains(error.state.prefix(2)) || error.state == "25006" {
            // Shutting down, starting up, out of connections, memory or disk, or a standby.
            self = .unavailable("\(error.state) \(error.message)")
        } else {
            self = .refused(error)
        }
    }

    /// Whether a lock was not to be had in time.
    var isLockTimeout: Bool {
        if case .busy(let error) = self { error.state == "55P03" } else { false }
    }
}
