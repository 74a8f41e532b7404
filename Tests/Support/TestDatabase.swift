package import EventLoop
import Formats
package import Persistence

/// The migrated database of this test process, and a loop that queries it as the service does.
package final class TestDatabase: Sendable {
    /// The one that all tests share, unless a test runs with one of its own.
    package static var shared: TestDatabase { own ?? common }

    /// The value of `shared` in the task that sets it, and in its child tasks.
    @TaskLocal package static var own: TestDatabase?

    /// Started by the first test that needs it.
    private static let common = TestDatabase(Cluster.start().address)

    /// Another database of the same server, for a test whose rows would disturb other tests.
    package static func another(_ name: String) async throws -> TestDatabase {
        let address = shared.address
        return try await waiting {
            let superuser = try BlockingConnection(ConnectionSettings(address: address, role: .login, name: "tests"))
            try superuser.script("CREATE DATABASE \(name)")
            return TestDatabase(address + " dbname=\(name)")
        }
    }

    /// As the superuser: a connection then takes the requested role.
    package let address: String
    package let loop: EventLoop
    package let database: Database
    private let loops: LoopGroup

    private init(_ address: String) {
        self.address = address
        do {
            let owner = ConnectionSettings(address: address, role: .login, name: "tests")
            try Migrator(BlockingConnection(owner)).run()
            loops = try LoopGroup(count: 1)
        } catch {
            fatalError("the database of the tests could not be created: \(error)")
        }
        loop = loops.loops[0]
        var limits = Database.Limits()
        // All tests query at once, on a machine that may be busy.
        limits.leased = 8
        limits.wait = .seconds(60)
        database = Database(ConnectionSettings(address: address, name: "tests"), on: loop, limits: limits)
        loops.start()
        let database = database
        loop.execute { database.start() }
    }

    /// Runs on the loop, as the service's role.
    package func ask<Value: Sendable>(
        _ question: @escaping @Sendable (Database) async throws -> Value
    ) async throws -> Value {
        let database = database
        return try await Task(executorPreference: loop) { try await question(database) }.value
    }
}

/// Queries the tests' database.
package func ask<Value: Sendable>(
    _ question: @escaping @Sendable (Database) async throws -> Value
) async throws -> Value {
    try await TestDatabase.shared.ask(question)
}
