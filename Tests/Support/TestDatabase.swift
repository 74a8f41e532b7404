package import EventLoop
package import Persistence

/// The migrated database of this test process, and a loop that asks it as the service does.
package final class TestDatabase: Sendable {
    /// Started by the first test that needs it.
    package static let shared = TestDatabase()

    /// As the superuser: a connection takes on the role that it is told.
    package let address: String
    package let loop: EventLoop
    package let database: Database
    private let loops: LoopGroup

    private init() {
        address = Cluster.start().address
        do {
            let owner = ConnectionSettings(address: address, role: .login, name: "tests")
            try Migrator(BlockingConnection(owner)).run()
            loops = try LoopGroup(count: 1)
        } catch {
            fatalError("the database of the tests could not be made: \(error)")
        }
        loop = loops.loops[0]
        var limits = Database.Limits()
        // All tests ask at once, on a machine that may be busy with something else.
        limits.leased = 8
        limits.wait = .seconds(60)
        database = Database(ConnectionSettings(address: address, name: "tests"), on: loop, limits: limits)
        loops.start()
        let database = database
        loop.execute { database.start() }
    }

    /// Asks on the loop, as the service's role.
    package func ask<Value: Sendable>(
        _ question: @escaping @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        let database = database
        return try await Task(executorPreference: loop) { try await question(database) }.value
    }
}

/// Asks the tests' database.
package func ask<Value: Sendable>(
    _ question: @escaping @Sendable (Database) async throws -> Value
) async throws -> Value {
    try await TestDatabase.shared.ask(question)
}
