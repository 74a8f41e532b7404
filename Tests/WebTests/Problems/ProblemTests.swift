import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The self-check of a server` {
    let test = TestSite.shared

    private func problems(_ cast: Cast, as token: AccessToken) async throws -> [String: JSONValue] {
        let answer = await test.ask(.get, "/api/v1/guilds/\(cast.alice.guild)/problems", as: token)
        #expect(answer.status == 200)
        let items = try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array)
        return Dictionary(uniqueKeysWithValues: items.map { ($0["kind"]?.string ?? "", $0) })
    }

    private func run(_ cast: Cast, _ statement: SQL) async throws {
        let access = cast.alice
        _ = try await ask { try await $0.rows(statement, in: access) }
    }

    @Test func `reports a webhook whose last delivery failed for good`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let client = cast.alice.client
        try await run(
            cast,
            """
            UPDATE guild_settings SET alert_webhook_ciphertext = 'x', updated_at = now() - interval '1 hour',
                   -- Other tests' outages are none of this server's.
                   status_notices = false
             WHERE client_id = \(client)
            """)
        let owner = try WaitingConnection(role: .login)
        func deliver(_ outcome: SQL) async throws {
            _ = try await owner.rows(
                """
                INSERT INTO webhook_deliveries
                    (client_id, kind, incident_id, next_attempt_at, delivered_at, gave_up_at, problem)
                SELECT \(client), 'bot_offline', coalesce(max(incident_id), 0) + 1,
                       -- Other tests send what is due.
                       now() + interval '1 day', \(outcome)
                  FROM webhook_deliveries WHERE client_id = \(client)
                """)
        }
        #expect(try await problems(cast, as: alice)["webhook_failing"] == nil)
        try await deliver("NULL::timestamptz, now(), '404 unknown webhook'")
        #expect(try await problems(cast, as: alice)["webhook_failing"]?["severity"]?.string == "error")
        // One in progress does not change that.
        try await deliver("NULL::timestamptz, NULL::timestamptz, NULL")
        #expect(try await problems(cast, as: alice)["webhook_failing"] != nil)
        try await deliver("now(), NULL::timestamptz, NULL")
        #expect(try await problems(cast, as: alice)["webhook_failing"] == nil)
        try await deliver("NULL::timestamptz, now(), '404 unknown webhook'")
        // Another may have been saved since.
        try await run(cast, "UPDATE guild_settings SET updated_at = now() WHERE client_id = \(client)")
        #expect(try await problems(cast, as: alice)["webhook_failing"] == nil)
    }

    @Test func `finds each problem and shows its remedy with a link`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Group")
        _ = try await seed.group("Empty")
        for (index, status) in [AccountStatus.private, .private, .notFound, .error, .suspended].enumerated() {
            _ = try await seed.account("account\(index)", in: group, status: status)
        }
        _ = try await seed.account("silent", in: group, created: .days(9))
        let client = cast.alice.client
        try await run(
            cast,
            """
            INSERT INTO api_keys (client_id, name, public_id, secret_ciphertext, scopes, created_at, last_used_at, expires_at)
            VALUES (\(client), 'old', \("tdk_a\(client)"), 'x', '{posts}', now() - interval '31 days', NULL, NULL),
                   (\(client), 'used', \("tdk_b\(client)"), 'x', '{posts}', now() - interval '31 days', now(), NULL),
                   (\(client), 'new', \("tdk_c\(client)"), 'x', '{posts}', now(), NULL, NULL),
                   (\(client), 'ending', \("tdk_d\(client)"), 'x', '{posts}', now(), now(), now() + interval '1 day')
            """)
        let alice = try await test.signIn(cast.alice.user)
        let found = try await problems(cast, as: alice)
        let counts = found.mapValues { $0["count"]?.int64 ?? 0 }
        #expect(counts["accounts_private"] == 2 && counts["accounts_not_found"] == 1 && counts["accounts_failing"] == 1)
        #expect(counts["accounts_suspended"] == 1 && counts["accounts_silent"] == 1 && counts["groups_empty"] == 1)
        #expect(counts["api_keys_unused"] == 1 && counts["api_keys_ending"] == 1 && counts["webhook_missing"] == 1)
        #expect(counts["tracking_off"] == nil && counts["discord_list_stale"] == nil && counts["bot_left"] == nil)
        let hidden = try #require(found["accounts_private"])
        #expect(hidden["severity"]?.string == "warning" && hidden["title"]?.string == "2 accounts are private")
        #expect(
            hidden["url"]?.string
                == "http://dashboard.test/guilds/\(cast.alice.guild)/tracking/accounts?status=private")
        #expect(hidden["advice"]?.string?.isEmpty == false)
        try await expectPages(of: found, as: alice)
        // A guest does not see the problems that are for members of the server only.
        try await seed.guest(cast.charlie.user, .admin)
        let charlie = try await test.signIn(cast.charlie.user)
        let shown = try await problems(cast, as: charlie)
        #expect(Set(found.keys).subtracting(shown.keys).isSuperset(of: ["api_keys_unused", "api_keys_ending"]))
        #expect(shown["accounts_private"] != nil)
        try await expectPages(of: shown, as: charlie)
    }

    /// Each links to a page that the person can open.
    private func expectPages(of problems: [String: JSONValue], as token: AccessToken) async throws {
        for problem in problems.values {
            let path = problem["url"]?.string?.dropFirst("http://dashboard.test".count) ?? ""
            let parts = path.split(separator: "?", maxSplits: 1)
            let page = await test.ask(.get, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "", as: token)
            #expect(page.status == 200, "\(path)")
        }
    }

    @Test func `follows the settings and Discord's list`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        #expect(try await problems(cast, as: alice)["webhook_missing"] != nil)
        try await run(
            cast,
            """
            UPDATE guild_settings SET tracking_enabled = false, notifications_enabled = false
             WHERE client_id = \(cast.alice.client)
            """)
        let user = cast.alice.user
        try await run(cast, "UPDATE users SET guilds_read_at = now() - interval '25 hours' WHERE id = \(user)")
        let found = try await problems(cast, as: alice)
        #expect(found["tracking_off"] != nil && found["webhook_missing"] == nil && found["discord_list_stale"] != nil)
    }

    @Test func `is on the overview, for viewers without problems for admins only`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        _ = try await seed.account("hidden", in: try await seed.group("Group"), status: .private)
        let path = "/guilds/\(cast.alice.guild)"
        let admin = await test.ask(.get, path, as: try await test.signIn(cast.alice.user)).text
        let viewer = await test.ask(.get, path, as: try await test.signIn(cast.bob.user)).text
        #expect(admin.contains("Alerts have no webhook") && !viewer.contains("Alerts have no webhook"))
        for page in [admin, viewer] {
            #expect(page.contains("1 account is private") && page.contains("@hidden"))
        }
        let other = await test.ask(.get, "/guilds/\(cast.charlie.guild)", as: try await test.signIn(cast.charlie.user))
        #expect(!other.text.contains("is private"))
    }
}
