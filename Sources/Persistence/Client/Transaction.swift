internal import Domain

/// A transaction on a leased connection.
///
/// Do not use it after its closure has returned.
package final class Transaction: @unchecked Sendable {
    private let connection: LoopConnection

    init(_ connection: LoopConnection) { self.connection = connection }

    @discardableResult
    package func rows(_ statement: SQL) async throws(DatabaseFailure) -> Rows {
        try await run([statement])[0]
    }

    @discardableResult
    package func rows(_ statements: [SQL]) async throws(DatabaseFailure) -> [Rows] { try await run(statements) }

    func begin(for client: ClientID?) async throws(DatabaseFailure) {
        var statements: [SQL] = ["BEGIN"]
        if let client { statements.append(Batch.setting(client: client)) }
        _ = try await run(statements)
    }

    func commit() async throws(DatabaseFailure) { _ = try await run(["COMMIT"]) }

    /// If the rollback fails, the connection is closed, which rolls back as well.
    func rollBack() async {
        guard connection.isOpen else { return }
        do {
            _ = try await run(["ROLLBACK"])
        } catch {
            connection.lose("a transaction could not be rolled back")
        }
    }

    private func run(_ statements: [SQL]) async throws(DatabaseFailure) -> [Rows] {
        guard connection.isOpen else { throw .unavailable("connection lost") }
        return try await withCheckedContinuation {
            connection.send(Batch(client: nil, statements: statements), isWhole: false, $0)
        }.get()
    }
}
