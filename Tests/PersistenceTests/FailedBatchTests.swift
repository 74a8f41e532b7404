import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite struct `A batch that fails` {
    @Test func `leaves its new statements usable`() async throws {
        let user = UserID(number: Cast.number())
        // One connection, so that later statements meet the state that the failure left.
        var limits = Database.Limits()
        limits.shared = 1
        let test = TestDatabase.shared
        let database = Database(
            ConnectionSettings(address: test.address, name: "failing"), on: test.loop, limits: limits)
        let numbers = try await Task(executorPreference: test.loop) {
            database.start()
            defer { database.stop() }
            let new: SQL = "SELECT 2"
            // All three are on their way before the first has failed.
            async let failure = database.rows(["SELECT 1 / (\(user) - \(user))", new])
            async let between = database.rows("SELECT 3")
            async let behind = database.rows(new)
            do {
                _ = try await failure
                Issue.record("a division by zero went well")
            } catch {}
            let (first, second) = (try await between[0].int(0), try await behind[0].int(0))
            return [first, second, try await database.rows("SELECT 4")[0].int(0)]
        }.value
        #expect(numbers == [3, 2, 4])
    }
}
