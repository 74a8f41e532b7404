import Persistence
import TestKit
import Testing

@Suite struct `Files of functions` {
    /// A database of the test's own, migrated, which migrators with other files then work on.
    private struct Scene: Sendable {
        let address: String

        init(_ name: String) async throws { address = try await TestDatabase.another(name).address }

        func connect() throws -> BlockingConnection {
            try BlockingConnection(ConnectionSettings(address: address, role: .login, name: "tests"))
        }

        /// The files that a start of that version with these files applies.
        func start(_ files: FunctionFile..., version: String = "1.2.0") async throws -> [String] {
            try await waiting { [self] in
                try Migrator(try connect(), functions: files, version: version).run().functions.map(\.name)
            }
        }

        func answer() async throws -> Int {
            try await waiting { [self] in try connect().rows("SELECT answer()")[0].int(0) }
        }
    }

    private static func answering(_ number: Int) -> FunctionFile {
        FunctionFile(
            name: "answer",
            text:
                "CREATE OR REPLACE FUNCTION dashboard.answer() RETURNS bigint LANGUAGE sql AS 'SELECT \(number)::bigint'"
        )
    }

    private static let broken = FunctionFile(name: "broken", text: "CREATE FUNCTION dashboard.no()")

    @Test func `are applied only if their checksum changed`() async throws {
        let scene = try await Scene("function_texts")
        #expect(try await scene.start(Self.answering(1)) == ["answer"])
        #expect(try await scene.start(Self.answering(1)) == [])
        #expect(try await scene.start(Self.answering(2), version: "1.10.0") == ["answer"])
        #expect(try await scene.answer() == 2)
        // Of a build of the same version, the last start decides.
        #expect(try await scene.start(Self.answering(3), version: "1.10.0") == ["answer"])
        #expect(try await scene.answer() == 3)
    }

    @Test func `of a later version stay`() async throws {
        let scene = try await Scene("function_versions")
        #expect(try await scene.start(Self.answering(1), version: "1.10.0") == ["answer"])
        #expect(try await scene.start(Self.answering(2), version: "1.9.3") == [])
        #expect(try await scene.answer() == 1)
    }

    @Test func `unknown to a version are kept`() async throws {
        let scene = try await Scene("function_removals")
        #expect(try await scene.start(Self.answering(1)) == ["answer"])
        #expect(try await scene.start(version: "9.0.0") == [])
        #expect(try await scene.answer() == 1)
    }

    @Test func `are all rolled back if one fails, which is named`() async throws {
        let scene = try await Scene("function_failures")
        let failure = await #expect(throws: Migrator.Failure.self) {
            _ = try await scene.start(Self.answering(1), Self.broken)
        }
        #expect("\(try #require(failure))".hasPrefix("functions/broken.sql failed: "))
        try await waiting {
            let rows = try scene.connect().rows(
                "SELECT to_regproc('dashboard.answer') IS NULL, count(*) FILTER (WHERE name = 'answer') FROM applied_functions"
            )
            #expect(rows[0].boolean(0) && rows[0].int(1) == 0)
        }
    }

    @Test func `are applied by one of several processes that start at once`() async throws {
        let scene = try await Scene("function_starts")
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 1...5 { group.addTask { try await scene.start(Self.answering(1)) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == ["answer"])
    }

    @Test func `and their state is known to the service`() async throws {
        let database = try await TestDatabase.another("function_states")
        let count = FunctionFile.all.count
        // A change of the list, and the state after it.
        let changes: [(change: String, missing: Int, unknown: Int)] = [
            ("SELECT", 0, 0),
            ("UPDATE applied_functions SET checksum = 'x' WHERE name = 'usage'", 0, 0),
            ("UPDATE applied_functions SET version = '0.0.9' WHERE name = 'usage'", 1, 0),
            ("UPDATE applied_functions SET version = '999.0' WHERE name = 'usage'", 0, 1),
            ("INSERT INTO applied_functions VALUES ('later', 'x', '999.0')", 0, 2),
            ("INSERT INTO applied_functions VALUES ('removed', 'x', '0.0.1')", 0, 2),
            ("DELETE FROM applied_functions", count, 0),
        ]
        for (change, missing, unknown) in changes {
            let address = database.address
            try await waiting {
                try BlockingConnection(ConnectionSettings(address: address, role: .owner, name: "tests")).script(change)
            }
            let state = try await database.ask { try await SchemaState.read($0) }
            #expect(state.missing == missing && state.unknown == unknown, "\(change)")
        }
    }
}
