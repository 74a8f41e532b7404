import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A file of the audit log` {
    let test = TestSite.shared

    @Test func `has the newest 10,000 entries, and states if there are more`() async throws {
        let cast = try await Cast()
        let owner = try WaitingConnection(role: .owner)
        try await owner.script("SET statement_timeout = 0")
        // Beside them there is the entry of the server's registration, which is the oldest.
        _ = try await owner.rows(
            """
            SELECT dashboard.append_audit_at(NULL, \(cast.alice.client), 'system', NULL, 'brand.created', 'brand',
                                             n::text, '{}', 'command_line', NULL)
              FROM generate_series(1, 10000) AS n
            """)
        let alice = try await test.signIn(cast.alice.user)
        for (query, isCut) in [("action=brand.created", "false"), ("", "true")] {
            let file = await test.ask(.get, "/api/v1/guilds/\(cast.alice.guild)/audit.csv", query: query, as: alice)
            #expect(file.status == 200 && file.header("Dashboard-Row-Count") == "10000", "\(query)")
            #expect(file.header("Dashboard-Truncated") == isCut, "\(query)")
            #expect(file.text.components(of: "\r\n") == 10_001 && !file.text.contains("guild.joined"), "\(query)")
            #expect(file.text.contains(",brand,10000,") && file.text.contains(",brand,1,"), "\(query)")
        }
    }
}
