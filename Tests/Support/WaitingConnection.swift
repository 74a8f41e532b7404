internal import EventLoop
import Formats
package import Persistence

/// A connection of a test, as any role, whose calls block threads of their own: those that run the tests are as
/// few as the cores, and other tests have limits in time.
package final class WaitingConnection: @unchecked Sendable {
    private static let threads = OffLoop(limit: 8)
    /// For one call at a time.
    private let connection: BlockingConnection

    package init(signedInAs user: String = "postgres", role: ConnectionSettings.Role) throws(DatabaseFailure) {
        connection = try BlockingConnection(
            ConnectionSettings(
                address: TestDatabase.shared.address + " user=\(user)", role: role, name: "a test's own"))
    }

    package func rows(_ statement: SQL) async throws(DatabaseFailure) -> Rows {
        try await Self.threads.run { [self] in
            Result { () throws(DatabaseFailure) in try connection.rows(statement) }
        }.get()
    }

    package func script(_ text: String) async throws(DatabaseFailure) {
        try await Self.threads.run { [self] in
            Result { () throws(DatabaseFailure) in try connection.script(text) }
        }.get()
    }
}
