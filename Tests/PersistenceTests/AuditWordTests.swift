import Domain
import Persistence
import TestKit
import Testing

@Suite struct `The words of the audit log` {
    /// An action and the kind of thing that a function of the database writes with it.
    private struct Written: Hashable {
        let function: String
        let action: String
        let target: String
    }

    /// From the functions' source in the database, as the migrations left it.
    private func written() async throws -> [Written] {
        try await ask { database in
            try await database.rows(
                #"""
                WITH calls AS (
                    SELECT p.proname::text AS function, call[1] AS arguments
                      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                      CROSS JOIN regexp_matches(p.prosrc, 'append_audit(?:_at)?\s*\(([^;]*);', 'g') AS call
                     WHERE n.nspname IN ('dashboard', 'bot') AND p.proname NOT IN ('append_audit', 'append_audit_at')
                )
                SELECT function, coalesce(word[1], ''),
                       coalesce((regexp_match(arguments, '.*''[a-z_]+\.[a-z_]+''[^'']*''([a-z_]+)'''))[1], '')
                  FROM calls LEFT JOIN regexp_matches(arguments, '''([a-z_]+\.[a-z_]+)''', 'g') AS word ON true
                """#
            ).map { Written(function: $0.text(0), action: $0.text(1), target: $0.text(2)) }
        }
    }

    @Test func `that functions of the database write are those of the enumeration, with their targets`() async throws {
        let written = try await written()
        for entry in written {
            let action = try #require(AuditAction(rawValue: entry.action), "\(entry)")
            #expect(action.target.rawValue == entry.target, "\(entry)")
        }
        let expected: Set<AuditAction> = [
            .guildJoined, .guildRejoined, .guildUpdated, .guildLeft, .accountsReported, .postsExpired,
        ]
        #expect(Set(written.compactMap { AuditAction(rawValue: $0.action) }) == expected)
    }

    @Test func `are allowed by the table`() async throws {
        try await waiting {
            let owner = try BlockingConnection(
                ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "tests"))
            // Never committed: the connection ends in the transaction.
            try owner.script(
                "BEGIN; CREATE TABLE dashboard.audit_words (LIKE dashboard.audit_log INCLUDING CONSTRAINTS)")
            for action in AuditAction.allCases {
                try owner.rows(
                    """
                    INSERT INTO dashboard.audit_words (client_id, id, created_at, actor_type, action, target_type, changes,
                                                 source, previous_hash, hash)
                    VALUES (1, 1, now(), 'bot', \(action.rawValue), \(action.target.rawValue), '{}', 'bot', '', '')
                    """)
            }
        }
    }

    @Test func `have targets that some action has`() {
        #expect(Set(AuditAction.allCases.map(\.target)) == Set(AuditTarget.allCases))
    }
}
