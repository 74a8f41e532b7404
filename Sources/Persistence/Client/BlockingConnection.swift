internal import Formats
internal import Glibc

/// A connection whose calls wait: for start-up, migrations, commands and the health beacon, never on a loop.
package final class BlockingConnection {
    private let connection: PQConnection
    private var encoder = ParameterEncoder()
    /// How long an answer may take; nil for ever, as migrations may need.
    private let answerLimit: Duration?
    /// Asked again and again while an answer is waited for: whether to give the statement up.
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

    /// The SQLSTATE by which the server refuses a setting that sessions would begin with; nil where that is not why none
    /// begins, if none does.
    package static func refusedSetting(_ settings: ConnectionSettings) -> String? {
        // Of a value that it cannot take, or of a name or a right that it does not know.
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

    /// Runs `body` in a transaction, which a thrown error undoes.
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
            // What was given up may have come to its end all the same: whoever asked for it goes on no more.
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

    /// A server may hang without hanging up: then the connection is given up.
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
            guard left > .zero else { throw .unavailable("no answer in time") }
            var watched = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
            let pause = isStopped == nil ? left : min(left, .milliseconds(100))
            _ = unsafe poll(&watched, 1, Int32(clamping: Int(pause / .milliseconds(1)) + 1))
            guard connection.consumeInput() else { throw .unavailable(connection.message) }
        }
        return outcome
    }
}
