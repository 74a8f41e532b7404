internal import Formats
internal import Glibc

/// A blocking connection for start-up, migrations, commands and the health beacon; never for a loop.
package final class BlockingConnection {
    private let connection: PQConnection
    private var encoder = ParameterEncoder()
    /// Timeout for a response; nil for none, because migrations may need long.
    private let answerLimit: Duration?
    /// Polled during a wait: true cancels the statement.
    private let isStopped: (() -> Bool)?

    /// - Throws: `DatabaseFailure.unavailable` with libpq's reason.
    package init(
        _ settings: ConnectionSettings, answerLimit: Duration? = nil, stopWhen isStopped: (() -> Bool)? = nil
    ) throws(DatabaseFailure) {
        self.answerLimit = answerLimit
        self.isStopped = isStopped
        connection = PQConnection.open(settings)
        guard connection.isOpen else { throw .unavailable(connection.message) }
        try script(settings.setUp)
    }

    /// The SQLSTATE if the server rejects a setting for new sessions; nil if the session starts, or fails for another
    /// reason.
    package static func refusedSetting(_ settings: ConnectionSettings) -> String? {
        // An invalid value, or an unknown name or a missing right.
        PQConnection.stateOfRefusal(settings).flatMap { ["22", "42"].contains($0.prefix(2)) ? $0 : nil }
    }

    /// Runs one statement with its values.
    @discardableResult
    package func rows(_ statement: SQL) throws(DatabaseFailure) -> Rows {
        encoder.encode(statement.values)
        guard connection.sendPrepare("", statement) else { throw .unavailable(connection.message) }
        _ = try lastRows()
        guard connection.sendExecute("", encoder) else { throw .unavailable(connection.message) }
        return try lastRows()
    }

    /// Runs text with any number of statements, such as a migration.
    package func script(_ text: String) throws(DatabaseFailure) {
        guard connection.sendSimple(text) else { throw .unavailable(connection.message) }
        _ = try lastRows()
    }

    /// Runs `body` in a transaction, and rolls back if it throws.
    package func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try script("BEGIN")
        do {
            let value = try body()
            try script("COMMIT")
            return value
        } catch {
            try? script("ROLLBACK")
            throw error
        }
    }

    private func lastRows() throws(DatabaseFailure) -> Rows {
        var last: Rows?
        var failure: DatabaseFailure?
        while true {
            // A cancelled statement may still have finished. The caller asked to stop, so it fails anyway.
            if try waitForAnswer() == .givenUp { failure = .unavailable("it was given up") }
            guard let answer = connection.nextAnswer() else { break }
            switch answer {
            case .rows(let rows): last = rows
            case .refused(let error): failure = failure ?? DatabaseFailure(error)
            case .skipped, .synchronized: break
            }
        }
        if let failure { throw failure }
        guard let last else { throw .unavailable(connection.message) }
        return last
    }

    private enum Wait { case answered, givenUp }

    /// A server may hang without closing the connection; then the connection is given up.
    private func waitForAnswer() throws(DatabaseFailure) -> Wait {
        var outcome = Wait.answered
        guard answerLimit != nil || isStopped != nil else { return outcome }
        var deadline = ContinuousClock.now + (answerLimit ?? .seconds(1_000_000_000))
        while connection.isBusy {
            if let isStopped, outcome == .answered, isStopped() {
                outcome = .givenUp
                connection.cancellation?.send()
                deadline = min(deadline, .now + .seconds(5))
            }
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw .unavailable("no response in time") }
            var watched = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
            let pause = isStopped == nil ? left : min(left, .milliseconds(100))
            _ = unsafe poll(&watched, 1, Int32(clamping: Int(pause / .milliseconds(1)) + 1))
            guard connection.consumeInput() else { throw .unavailable(connection.message) }
        }
        return outcome
    }
}
