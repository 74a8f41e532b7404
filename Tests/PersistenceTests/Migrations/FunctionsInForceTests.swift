import Persistence
import TestKit
import Testing

/// A migrated database has exactly the functions that `migrations/functions/` defines.
@Suite struct `Functions in force` {
    private static let definitions: SQL = """
        SELECT oid::regprocedure::text || coalesce(proacl::text, '') || pg_get_functiondef(oid) FROM pg_proc
         WHERE pronamespace IN ('dashboard'::regnamespace, 'bot'::regnamespace)
        UNION ALL
        SELECT tgrelid::regclass::text || tgenabled::text || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        ORDER BY 1
        """

    /// Those that the transaction has not written.
    private static let untouched: SQL = """
        SELECT oid::regprocedure::text FROM pg_proc
         WHERE pronamespace IN ('dashboard'::regnamespace, 'bot'::regnamespace)
           AND xmin::text::bigint <> pg_current_xact_id()::text::bigint % (1::bigint << 32)
        UNION ALL
        SELECT tgname::text FROM pg_trigger
         WHERE NOT tgisinternal AND xmin::text::bigint <> pg_current_xact_id()::text::bigint % (1::bigint << 32)
        ORDER BY 1
        """

    /// Applies all files to a new database, rolls that back, and returns the result of `body` before the rollback.
    private func applying<Value: Sendable>(
        in name: String, _ settings: String, _ body: @escaping @Sendable (BlockingConnection) throws -> Value
    ) async throws -> (before: [String], found: Value) {
        let address = try await TestDatabase.another(name).address
        return try await waiting {
            let owner = try BlockingConnection(ConnectionSettings(address: address, role: .owner, name: "tests"))
            let before = try owner.rows(Self.definitions).map { $0.text(0) }
            try owner.script("BEGIN; \(settings)")
            defer { try? owner.script("ROLLBACK") }
            for file in FunctionFile.all { try owner.script(file.text) }
            return (before, try body(owner))
        }
    }

    @Test func `are each defined in a file, with the same text`() async throws {
        let (before, found) = try await applying(in: "functions_in_force", "SET check_function_bodies = off") { owner in
            (
                try owner.rows(Self.definitions).map { $0.text(0) },
                try owner.rows(Self.untouched).map { $0.text(0) }
            )
        }
        #expect(found.0 == before && before.count > 90)
        #expect(found.1 == [])
    }

    @Test func `are valid`() async throws {
        let (before, found) = try await applying(in: "functions_valid", "SET check_function_bodies = on") { owner in
            try owner.rows(Self.definitions).map { $0.text(0) }
        }
        #expect(found == before)
    }
}
