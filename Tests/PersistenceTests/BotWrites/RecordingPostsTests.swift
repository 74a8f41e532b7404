import Domain
import Formats
import Persistence
import TestKit
import Testing

@Suite(.serialized) struct `Recording posts` {
    @Test func `stores a batch once, even if it is sent again`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(2)
        let batch = PostItem.batch(
            (0..<1_000).map { PostItem(id: "p\($0)", handle: "a\($0 % 2)", more: ",\"caption\":\"Nº \($0)\"") })
        #expect(try await bot.posts(batch) == stored(1_000))
        let before = try await inspector.checksum(of: cast.alice.client)
        #expect(try await bot.posts(batch) == stored(0, unchanged: 1_000))
        #expect(try await inspector.checksum(of: cast.alice.client) == before)
        #expect(
            try await inspector.number(
                "SELECT sum(post_count)::int8 FROM client_accounts WHERE client_id = \(cast.alice.client)")
                == 1_000)
    }

    @Test func `reports a bad item by index and field and stores the rest`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        var items = (0..<1_000).map { PostItem(id: "p\($0)") }
        items[500].views = "-1"
        #expect(
            try await bot.posts(PostItem.batch(items))
                == stored(
                    999,
                    rejected:
                        "[{\"field\": \"views\", \"index\": 500, \"message\": \"must be a whole number from 0 to 999999999999999\"}]"
                ))
        #expect(try await inspector.number("SELECT count(*) FROM posts WHERE client_id = \(cast.alice.client)") == 999)
    }

    static let faults: [(field: String, item: String)] = [
        ("views", PostItem(views: "1.5").json), ("views", PostItem(views: "null").json),
        ("views", PostItem(views: "1e30").json), ("views", PostItem(views: "9223372036854775808").json),
        ("views", PostItem(views: "\"٣\"").json), ("views", PostItem(views: "true").json),
        ("views", PostItem(views: "[1]").json), ("likes", PostItem(more: ",\"likes\":-5.5").json),
        ("comments", PostItem(more: ",\"comments\":\"many\"").json), ("shares", PostItem(more: ",\"shares\":{}").json),
        ("measuredAt", PostItem(measured: "2026-02-30T00:00:00Z").json),
        ("measuredAt", PostItem(measured: "2026-03-01T24:00:00Z").json),
        ("measuredAt", PostItem(measured: "2026-03-01T12:00:00").json),
        ("measuredAt", PostItem(measured: "1999-12-31T23:59:59Z").json),
        ("measuredAt", PostItem(measured: "2000-01-01T00:00:00+01:00").json),
        ("measuredAt", PostItem(measured: "2099-01-01T00:00:00Z").json),
        ("measuredAt", PostItem(measured: "yesterday").json),
        ("externalId", PostItem(id: "").json), ("externalId", PostItem(id: "a\\u0007b").json),
        ("externalId", PostItem(id: String(repeating: "x", count: 201)).json),
        ("handle", PostItem(handle: "@a0").json), ("handle", PostItem(handle: "nobody").json),
        ("handle", PostItem(handle: "a 0").json), ("url", PostItem(more: ",\"url\":\"javascript:alert(1)\"").json),
        ("url", PostItem(more: ",\"url\":\"https://a b\"").json),
        ("caption", PostItem(more: ",\"caption\":7").json),
        ("caption", PostItem(more: ",\"caption\":\"\\u0001\"").json),
        ("veiws", PostItem(more: ",\"veiws\":7").json),
        ("accountExternalId", PostItem(more: ",\"accountExternalId\":\"unknown\"").json),
    ]

    @Test(arguments: faults) func `finds the error of an item`(field: String, item: String) async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        try await bot.prepareAccounts(1)
        let answer = try await bot.posts("[\(PostItem(id: "good").json),\(item)]")
        #expect(
            answer.hasPrefix("{\"stored\": 1, \"rejected\": [{\"field\": \"\(field)\", \"index\": 1, "), "\(answer)")
    }

    @Test func `takes numbers as texts, unusual times, long captions and omitted optional fields`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        let caption = String(repeating: "ü", count: 6_000)
        let item = PostItem(
            views: "\"12\"", measured: "2024-02-29T23:59:59.123456+05:30",
            more: ",\"caption\":\"\(caption)\",\"url\":null,\"likes\":null")
        #expect(try await bot.posts(PostItem.batch([item])) == stored(1))
        let row = try await inspector.connection.rows(
            "SELECT views, length(caption)::int8, measured_at::text FROM posts WHERE client_id = \(cast.alice.client)")[
                0]
        #expect(row.int(0) == 12 && row.int(1) == 5_000 && row.text(2) == "2024-02-29 18:29:59.123456+00")
    }

    @Test func `refuses a whole batch that is invalid`() async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        #expect(await bot.refusal { try await $0.posts("{}") } == "22023 the batch must be a JSON array")
        let long = "[" + Array(repeating: "1", count: 1_001).joined(separator: ",") + "]"
        #expect(
            await bot.refusal { try await $0.posts(long) } == "22023 a batch has at most 1000 items, this one has 1001")
        #expect(
            await bot.refusal { try await $0.accounts(long) }
                == "22023 a batch has at most 1000 items, this one has 1001")
        let stranger = try BotWriter(GuildID(number: Cast.number()))
        #expect(
            await stranger.refusal { try await $0.posts("[]") }
                == "22023 guild_id is not registered: call bot.guild_joined first")
        // jsonb cannot hold it: PostgreSQL refuses the value before the function is called. Text is repaired instead.
        #expect(await bot.refusal { try await $0.posts(PostItem.batch([PostItem(id: "\\u0000")])) }.hasPrefix("22P05"))
        #expect(try await bot.posts("[]") == stored(0))
        #expect(
            try await bot.posts("[null]")
                == stored(0, rejected: "[{\"field\": null, \"index\": 0, \"message\": \"must be an object\"}]"))
    }

    @Test func `keeps an older measurement as history and leaves the newer numbers alone`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        _ = try await bot.posts(PostItem.batch([PostItem(views: "20", measured: "2026-03-02T00:00:00Z")]))
        #expect(
            try await bot.posts(PostItem.batch([PostItem(views: "10", measured: "2026-03-01T00:00:00Z")])) == stored(1))
        let client = cast.alice.client
        #expect(try await inspector.number("SELECT views FROM posts WHERE client_id = \(client)") == 20)
        #expect(
            try await inspector.text(
                "SELECT string_agg(views::text, ' ' ORDER BY measured_at) FROM post_metrics WHERE client_id = \(client)"
            )
                == "10 20")
    }

    @Test func `never touches another tenant, even with its ids`() async throws {
        let cast = try await Cast()
        let inspector = try await Inspector()
        let (own, others) = (try BotWriter(cast.alice.guild), try BotWriter(cast.charlie.guild))
        try await own.prepareAccounts(1)
        _ = try await others.accounts(
            "[{\"platform\":\"tiktok\",\"handle\":\"theirs\",\"externalId\":\"t1\",\"measuredAt\":\"2026-01-01T00:00:00Z\"}]"
        )
        _ = try await others.posts(PostItem.batch([PostItem(handle: "theirs")]))
        let before = try await inspector.checksum(of: cast.charlie.client)
        #expect(
            try await own.posts(PostItem.batch([PostItem(handle: "theirs", views: "99")])).hasPrefix("{\"stored\": 0"))
        #expect(
            try await own.posts(PostItem.batch([PostItem(more: ",\"accountExternalId\":\"t1\"")])).hasPrefix(
                "{\"stored\": 0")
        )
        // The same post id in the own guild is another post.
        #expect(try await own.posts(PostItem.batch([PostItem(views: "99")])) == stored(1))
        #expect(
            try await own.accounts(
                "[{\"platform\":\"tiktok\",\"handle\":\"mine\",\"externalId\":\"t1\",\"measuredAt\":\"2026-02-01T00:00:00Z\"}]"
            )
                == stored(1))
        #expect(try await inspector.checksum(of: cast.charlie.client) == before)
    }

    @Test func `does not move a post to another account`() async throws {
        let cast = try await Cast()
        let bot = try BotWriter(cast.alice.guild)
        try await bot.prepareAccounts(2)
        _ = try await bot.posts(PostItem.batch([PostItem(handle: "a1")]))
        #expect(
            try await bot.posts(PostItem.batch([PostItem(handle: "a0", measured: "2026-03-05T00:00:00Z")]))
                == stored(
                    0,
                    rejected:
                        "[{\"field\": \"externalId\", \"index\": 0, \"message\": \"is a post of another account\"}]"))
    }

    @Test func `refuses posts that are older than the server keeps them`() async throws {
        let cast = try await Cast()
        let (bot, inspector) = (try BotWriter(cast.alice.guild), try await Inspector())
        try await bot.prepareAccounts(1)
        _ = try await inspector.connection.rows(
            "UPDATE guild_settings SET post_retention_days = 1 WHERE client_id = \(cast.alice.client)")
        #expect(
            try await bot.posts(PostItem.batch([PostItem()])).contains("is longer ago than this server keeps posts"))
    }
}
