import Domain
import Formats
import Persistence
import TestKit
import Testing

/// Tampering with the log that needs the owner's rights, and how it is detected.
@Suite struct `An audit log that was tampered with` {
    /// A tenant with six entries, and a connection with all rights.
    private struct Scene: Sendable {
        let access: GuildAccess

        init() async throws {
            access = try await Cast().alice
            for number in 2...6 { try await Seed(access).audit("brand.created", "brand", "\(number)", #"{"n": 1}"#) }
        }

        /// Tampers with the tenant's chain, and returns the detected breaks.
        func breaks(after tampering: String = "") async throws -> [AuditChain.Break] {
            let access = access
            return try await waiting {
                let owner = try BlockingConnection(
                    ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "tests"))
                let chains = try AuditChains(owner)
                let mine = "client_id = \(access.client)"
                try owner.script("SELECT 1; " + tampering.replacing("MINE", with: mine))
                let name = try #require(try chains.names().first { $0.client == access.client })
                let breaks = try chains.breaks(of: name)
                #expect(name.guild == access.guild)
                #expect(try chains.verdict(of: name).isSound == breaks.isEmpty)
                return breaks
            }
        }
    }

    @Test func `and one that was not is whole`() async throws {
        #expect(try await Scene().breaks() == [])
    }

    @Test(arguments: [
        ("UPDATE audit_log SET changes = '{}' WHERE MINE AND id = 3", AuditChain.Break(.changed, 3...3)),
        (
            "UPDATE audit_log SET actor_type = 'bot', actor_id = NULL WHERE MINE AND id = 6",
            AuditChain.Break(.changed, 6...6)
        ),
        (
            "UPDATE audit_log SET created_at = created_at - interval '1 s' WHERE MINE AND id = 1",
            AuditChain.Break(.changed, 1...1)
        ),
        ("UPDATE audit_log AS e SET hash = 'x' WHERE MINE AND id = 4", AuditChain.Break(.changed, 4...4)),
        (
            """
            UPDATE audit_log SET target_id = 'other' WHERE MINE AND id = 4;
            UPDATE audit_log AS e SET hash = audit_hash(e) WHERE MINE AND id = 4
            """, AuditChain.Break(.changed, 4...4)
        ),
        ("DELETE FROM audit_log WHERE MINE AND id = 3", AuditChain.Break(.deleted, 3...3)),
        ("DELETE FROM audit_log WHERE MINE AND id < 3", AuditChain.Break(.deleted, 1...2)),
        (
            """
            DELETE FROM audit_log WHERE MINE AND id = 3;
            UPDATE audit_log SET id = id - 1000 WHERE MINE AND id > 3;
            UPDATE audit_log SET id = id + 999 WHERE MINE AND id < 0
            """, AuditChain.Break(.deleted, 3...3)
        ),
        (
            """
            UPDATE audit_log SET id = id + 1000 WHERE MINE AND id > 3;
            UPDATE audit_log SET id = id - 999 WHERE MINE AND id > 1000;
            INSERT INTO audit_log SELECT client_id, 4, created_at, actor_type, actor_id, guild_id, 'brand.deleted',
                target_type, target_id, changes, source, ip_address, hash, sha256('forged')
                FROM audit_log WHERE MINE AND id = 3
            """, AuditChain.Break(.inserted, 4...4)
        ),
        (
            """
            INSERT INTO audit_log SELECT client_id, 7, created_at, actor_type, actor_id, guild_id, 'brand.deleted',
                target_type, target_id, changes, source, ip_address, hash, sha256('forged')
                FROM audit_log WHERE MINE AND id = 6
            """, AuditChain.Break(.inserted, 7...7)
        ),
        (
            """
            UPDATE audit_log SET id = 1000 WHERE MINE AND id = 3; UPDATE audit_log SET id = 3 WHERE MINE AND id = 4;
            UPDATE audit_log SET id = 4 WHERE MINE AND id = 1000
            """, AuditChain.Break(.reordered, 3...3)
        ),
        ("DELETE FROM audit_log WHERE MINE AND id > 4", AuditChain.Break(.cut, 5...6)),
        ("DELETE FROM audit_log WHERE MINE", AuditChain.Break(.cut, 1...6)),
        ("DELETE FROM audit_heads WHERE MINE", AuditChain.Break(.headless, 6...6)),
        (
            "DELETE FROM audit_log WHERE MINE; DELETE FROM audit_heads WHERE MINE", AuditChain.Break(.unbegun, 1...1)
        ),
        (
            "DELETE FROM audit_log WHERE MINE; UPDATE audit_heads SET last_id = 0 WHERE MINE",
            AuditChain.Break(.unbegun, 1...1)
        ),
        (
            """
            DELETE FROM audit_log WHERE MINE; DELETE FROM audit_heads WHERE MINE;
            SELECT append_audit_at(NULL, client_id, 'bot', NULL, 'accounts.reported', 'guild', NULL, '{}', 'bot', NULL)
              FROM guilds WHERE MINE
            """, AuditChain.Break(.unbegun, 1...1)
        ),
        ("UPDATE audit_heads SET last_id = 3 WHERE MINE", AuditChain.Break(.misheaded, 6...6)),
    ])
    func `shows the kind of tampering`(tampering: String, found: AuditChain.Break) async throws {
        let scene = try await Scene()
        #expect(try await scene.breaks(after: tampering) == [found])
    }

    @Test func `takes no further entry if its head is missing`() async throws {
        let scene = try await Scene()
        _ = try await scene.breaks(after: "DELETE FROM audit_heads WHERE MINE")
        await #expect {
            try await Seed(scene.access).audit("brand.created", "brand", "7", "{}")
        } throws: { error in
            guard case DatabaseFailure.refused(let refusal) = error else { return false }
            return refusal.state == "TD003" && refusal.message.contains("has lost its head")
        }
        // As in docs/operations.md.
        let mended = try await scene.breaks(
            after: """
                INSERT INTO audit_heads (client_id, last_id, last_hash)
                SELECT client_id, id, hash FROM audit_log WHERE MINE ORDER BY id DESC LIMIT 1
                """)
        #expect(mended.isEmpty)
        try await Seed(scene.access).audit("brand.created", "brand", "7", "{}")
        #expect(try await scene.breaks().isEmpty)
    }

    @Test func `does not come from eight parallel writers`() async throws {
        let scene = try await Scene()
        let access = scene.access
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 1...8 {
                group.addTask {
                    for number in 1...5 {
                        try await Seed(access).audit("brand.created", "brand", "\(writer)-\(number)", "{}")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await scene.breaks() == [])
        #expect(try await AuditTrail.entries(of: access.client).count == 46)
    }

    @Test(arguments: [
        "UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log",
        "INSERT INTO audit_log SELECT * FROM audit_log", "UPDATE audit_heads SET last_id = 1",
        "DELETE FROM audit_heads",
        "TRUNCATE audit_heads", "ALTER TABLE audit_log DISABLE ROW LEVEL SECURITY",
        "SELECT append_audit_at(now(), 0, 'system', NULL, 'x', 'x', NULL, '{}', 'api', NULL)",
        "SELECT append_audit(1, 'system', NULL, 'x', 'x', NULL, '{}', 'api', NULL)",
    ])
    func `cannot be made by the service's role`(statement: String) async throws {
        let state = try await waiting {
            let service = try BlockingConnection(
                ConnectionSettings(address: TestDatabase.shared.address, name: "tests"))
            do {
                try service.script(statement)
                return "done"
            } catch DatabaseFailure.refused(let error) {
                return error.state
            }
        }
        #expect(state == "42501")
    }
}
