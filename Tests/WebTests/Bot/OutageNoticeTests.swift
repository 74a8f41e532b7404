import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Outages are those of the whole installation, so the tests of this suite take turns.
@Suite(.serialized) struct `A notice of an outage` {
    let discord: ScriptedDiscord
    let test: TestSite
    let access: GuildAccess
    private static let path = "/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz"
    let webhook = DiscordWebhook("https://canary.discord.com/api" + Self.path)
    private static let instance = 9_000

    init() async throws {
        discord = try ScriptedDiscord()
        test = TestSite(discord: discord.base, discordMilliseconds: 20_000)
        access = try await Cast().alice
        // Switches the notices of earlier tests' guilds off.
        try owner(
            """
            DELETE FROM webhook_deliveries; UPDATE guild_settings SET status_notices = false
             WHERE status_notices AND alert_webhook_ciphertext IS NOT NULL
            """)
        let sealed = test.vault.seal(try #require(webhook), of: access.client)
        _ = try await ask { [access] in
            try await $0.rows(
                """
                UPDATE guild_settings SET status_notices = true, alert_webhook_ciphertext = \(sealed)
                 WHERE client_id = \(access.client)
                """, in: access)
        }
    }

    private func owner(_ text: String) throws {
        let settings = ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "outages")
        try BlockingConnection(settings).script("SET app.scope = 'all'; " + text)
    }

    /// An outage that began so many seconds ago, as the only one.
    private func outage(began seconds: Int, ended: Int? = nil) throws {
        let end = ended.map { "now() - interval '\($0) s'" } ?? "NULL"
        try owner(
            """
            DELETE FROM bot_incidents WHERE instance = \(Self.instance);
            INSERT INTO bot_health (instance, first_heartbeat, last_heartbeat, started_at, shard_count, shards_down,
                                    guild_count, status, state, state_since, updated_at)
            VALUES (\(Self.instance), now() - interval '3 days', now() - interval '2 days', now() - interval '3 days', 1, 0, 0,
                    'stopping', 'offline', now(), now()) ON CONFLICT DO NOTHING;
            INSERT INTO bot_incidents (instance, state, started_at, ended_at, reason)
            VALUES (\(Self.instance), 'offline', now() - interval '\(seconds) s', \(end), 'silence');
            """)
    }

    private func run() async throws {
        let notices = OutageNotices(test.site.world, test.site.database)
        try await ask { _ in try await notices.run() }
    }

    private var sent: [String] { discord.asked(Self.path).map { String(decoding: $0.body, as: UTF8.self) } }

    private func deliveries() async throws -> [String] {
        try await ask { [access] in
            try await $0.rows(
                """
                SELECT kind || ' ' || CASE WHEN delivered_at IS NOT NULL THEN 'delivered'
                                           WHEN gave_up_at IS NOT NULL THEN 'given up' ELSE 'waiting' END
                  FROM webhook_deliveries ORDER BY id
                """, in: access
            ).map { $0.text(0) }
        }
    }

    @Test func `is sent once when it began, and once when it ended`() async throws {
        discord.answers(Self.path, .refused(204, ""), .refused(204, ""))
        try outage(began: 70)
        try await run()
        try await run()
        #expect(sent.count == 1)
        let first = try JSONParser.parse(Array(try #require(sent.first).utf8))
        #expect(first["content"]?.string?.contains("is offline since <t:") == true)
        #expect(first["content"]?.string?.contains("/guilds/\(access.guild)/status") == true)
        #expect(first["allowed_mentions"]?["parse"]?.array?.isEmpty == true)
        try owner("UPDATE bot_incidents SET ended_at = now() WHERE instance = \(Self.instance)")
        try await run()
        try await run()
        #expect(sent.count == 2 && sent[1].contains("is back"))
        #expect(try await deliveries() == ["bot_offline delivered", "bot_online delivered"])
    }

    @Test func `is not sent for less than a minute, or for one that ended unreported`() async throws {
        try outage(began: 30)
        try await run()
        try outage(began: 600, ended: 500)
        try await run()
        #expect(sent.isEmpty)
        #expect(try await deliveries().isEmpty)
    }

    @Test func `is given up if the webhook is gone, and not for an error page of another server`() async throws {
        discord.answers(Self.path, .html(404))
        try outage(began: 70)
        try await run()
        #expect(try await deliveries() == ["bot_offline waiting"])
        try owner("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE client_id = \(access.client)")
        discord.answers(Self.path, .refused(404, #"{"message":"Unknown Webhook","code":10015}"#))
        try await run()
        #expect(try await deliveries() == ["bot_offline given up"])
        try owner("UPDATE webhook_deliveries SET next_attempt_at = now() WHERE client_id = \(access.client)")
        try await run()
        #expect(sent.count == 2)
    }

    @Test func `is given up after eight attempts that each ended the process`() async throws {
        discord.answers(Self.path, .refused(500, ""), .refused(204, ""))
        try outage(began: 70)
        try await run()
        for (attempts, outcome) in [(7, "bot_offline delivered"), (8, "bot_offline given up")] {
            try owner(
                """
                UPDATE webhook_deliveries SET next_attempt_at = now(), attempts = \(attempts), delivered_at = NULL
                 WHERE client_id = \(access.client)
                """)
            try await run()
            #expect(try await deliveries() == [outcome])
        }
        #expect(sent.count == 2)
    }

    @Test func `waits as long as Discord asks`() async throws {
        discord.answers(Self.path, .refused(429, #"{"retry_after":1800,"message":"slow","global":false}"#))
        try outage(began: 70)
        try await run()
        let seconds = try await ask { [access] in
            try await $0.rows(
                "SELECT extract(epoch FROM next_attempt_at - now())::bigint FROM webhook_deliveries", in: access
            )[0].int(0)
        }
        #expect((1_700...1_800).contains(seconds))
    }

    @Test func `of the start is not retried after the end, whose notice has both times`() async throws {
        discord.answers(Self.path, .refused(500, ""), .refused(204, ""))
        try outage(began: 70)
        try await run()
        #expect(try await deliveries() == ["bot_offline waiting"])
        try owner(
            """
            UPDATE bot_incidents SET ended_at = now() WHERE instance = \(Self.instance);
            UPDATE webhook_deliveries SET next_attempt_at = now() WHERE client_id = \(access.client)
            """)
        try await run()
        try await run()
        #expect(sent.count == 2 && sent[1].contains("is back. It was offline from"))
        #expect(try await deliveries() == ["bot_online delivered"])
    }

    @Test func `is sent by one of several processes`() async throws {
        discord.answers(Self.path, .refused(204, ""), .refused(204, ""))
        try outage(began: 70)
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...6 { group.addTask { try? await run() } }
        }
        #expect(sent.count == 1)
    }
}
