import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite(.serialized) struct `Thinning` {
    /// On a connection of its own: it thins the rows of all tests, and others share the database's connections.
    private func finish() async throws {
        _ = try await ask { try await CleanUp.thinHistory($0) }
        let service = try WaitingConnection(role: .application)
        while try await service.rows("SELECT dashboard.thin_metrics()")[0].boolean(0) {}
        while try await service.rows("SELECT dashboard.delete_expired_posts(1000)")[0].boolean(0) {}
    }

    private func points(of cast: Cast, _ inspector: Inspector) async throws -> String {
        try await inspector.text(
            """
            SELECT coalesce(string_agg(to_char(measured_at, 'MM-DD HH24'), ' ' ORDER BY measured_at), '')
              FROM post_metrics WHERE client_id = \(cast.alice.client)
            """)
    }

    @Test func `keeps the last point of each day older than 30 days, for late measurements too`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        let hours = ["01-10T03", "01-10T23", "01-10T09", "01-11T00", "01-11T01"]
        _ = try await bot.posts(PostItem.batch(hours.map { PostItem(measured: "2026-\($0):00:00Z") }))
        try await finish()
        #expect(try await points(of: cast, inspector) == "01-10 23 01-11 01")
        _ = try await bot.posts(PostItem.batch([PostItem(measured: "2026-01-10T05:00:00Z")]))
        try await finish()
        #expect(try await points(of: cast, inspector) == "01-10 23 01-11 01")
        _ = try await bot.posts(PostItem.batch([PostItem(measured: "2026-01-10T23:30:00Z")]))
        try await finish()
        #expect(try await points(of: cast, inspector) == "01-10 23 01-11 01")
        let left = try await inspector.number(
            "SELECT count(*) FROM history_days WHERE client_id = \(cast.alice.client) AND day < '2026-01-20'")
        #expect(left == 0)
    }

    @Test func `leaves every point of the last 30 days`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        let times = try await inspector.connection.rows(
            """
            SELECT to_char(now() - interval '29 days' - hours * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
              FROM generate_series(0, 5) AS hours
            """
        ).map { $0.text(0) }
        let batch = times.map { PostItem(measured: $0) }.map {
            var item = $0
            item.id = "recent"
            return item
        }
        _ = try await bot.posts(PostItem.batch(batch))
        try await finish()
        #expect(
            try await inspector.number("SELECT count(*) FROM post_metrics WHERE client_id = \(cast.alice.client)") == 6)
    }

    @Test func `leaves one count of followers a day`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        let items = [3, 20, 9].map {
            """
            {"platform":"x","handle":"a","followers":\($0),"measuredAt":"2026-01-10T\($0 < 10 ? "0" : "")\($0):00:00Z"}
            """
        }
        _ = try await bot.accounts("[" + items.joined(separator: ",") + "]")
        try await finish()
        #expect(
            try await inspector.text(
                "SELECT string_agg(followers::text, ' ') FROM account_metrics WHERE client_id = \(cast.alice.client)")
                == "20")
    }

    @Test func `reads no post of a server that keeps them forever`() async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        try await bot.prepareAccounts(1)
        for batch in 0..<3 {
            _ = try await bot.posts(PostItem.batch((0..<1_000).map { PostItem(id: "kept-\(batch)-\($0)") }))
        }
        try await finish()
        let service = try WaitingConnection(role: .application)
        try await service.script("BEGIN; SELECT dashboard.delete_expired_posts()")
        let read = try await service.rows(
            """
            SELECT coalesce(sum(pg_stat_get_xact_tuples_returned(c.oid)), 0)::bigint FROM pg_class c
             WHERE c.oid = 'dashboard.posts'::regclass
                OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'dashboard.posts'::regclass)
            """)[0].int(0)
        try await service.script("ROLLBACK")
        #expect(read < 1_000)
    }

    @Test func `of a server with a broken audit log does not delay other servers`() async throws {
        let (first, second) = (try await Cast(), try await Cast())
        let inspector = try await Inspector()
        for cast in [first, second] {
            let bot = try BotWriter(cast.alice.guild)
            try await bot.prepareAccounts(1)
            _ = try await bot.posts(PostItem.batch([PostItem()]))
            _ = try await inspector.connection.rows(
                "UPDATE guild_settings SET post_retention_days = 1 WHERE client_id = \(cast.alice.client)")
        }
        _ = try await inspector.connection.rows("DELETE FROM audit_heads WHERE client_id = \(first.alice.client)")
        try await finish()
        #expect(try await inspector.number("SELECT count(*) FROM posts WHERE client_id = \(first.alice.client)") == 1)
        #expect(try await inspector.number("SELECT count(*) FROM posts WHERE client_id = \(second.alice.client)") == 0)
    }

    @Test func `deletes posts that are older than the server keeps them, and audits it`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        _ = try await bot.posts(PostItem.batch((0..<150).map { PostItem(id: "p\($0)") }))
        _ = try await inspector.connection.rows(
            "UPDATE guild_settings SET post_retention_days = 1 WHERE client_id = \(cast.alice.client)")
        try await finish()
        let client = cast.alice.client
        #expect(try await inspector.number("SELECT count(*) FROM posts WHERE client_id = \(client)") == 0)
        #expect(try await inspector.number("SELECT count(*) FROM post_metrics WHERE client_id = \(client)") == 0)
        #expect(try await inspector.number("SELECT post_count FROM client_accounts WHERE client_id = \(client)") == 0)
        let entries = try await AuditTrail.entries(of: client).filter { $0.action == "posts.expired" }
        #expect(entries.map(\.changes) == ["{\"posts\": [150, null]}"])
    }
}
