import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Writes in SQL and over HTTP are validated and stored alike.
@Suite struct `The two ways for a bot to write` {
    let bot: WaitingConnection
    let key: NewAPIKey

    init() async throws {
        bot = try WaitingConnection(signedInAs: "tracking_bot", role: .login)
        key = try await NewAPIKey.makeForInstallation([.heartbeat, .guilds])
    }

    private func inSQL(_ statement: SQL) async throws -> Bool {
        do {
            _ = try await bot.rows(statement)
            return true
        } catch DatabaseFailure.refused(let error) {
            #expect(error.state == "22023" && !error.message.isEmpty)
            return false
        }
    }

    private func overHTTP(_ path: String, _ body: String) async -> Bool {
        let status = await SignedRequest(path, body, with: key).send().status
        #expect([200, 204, 422].contains(status))
        return status < 300
    }

    private func json(_ text: String) -> String {
        var json = JSONWriter()
        json.object { $0.string("it", text) }
        return String(String(decoding: json.finish().array, as: UTF8.self).dropFirst(6).dropLast())
    }

    private func name(of guild: GuildID) async throws -> String? {
        let owner = try WaitingConnection(role: .owner)
        try await owner.script("SET app.scope = 'all'")
        return try await owner.rows("SELECT name FROM guilds WHERE guild_id = \(guild)").first?.text(0)
    }

    /// A bot cannot change the name of a guild, so refused characters are removed.
    @Test(arguments: [
        ("Casa Verde", "Casa Verde"), ("  Casa Verde\u{3000}", "Casa Verde"),
        ("\u{85}Casa\u{A0}Verde\u{2009}", "Casa\u{A0}Verde"), ("Ünï ✨ 👩‍👩‍👧", "Ünï ✨ 👩‍👩‍👧"), ("", nil),
        (" ", "Unnamed server"), ("\u{2003}\u{A0}", "Unnamed server"), ("\u{3164}", "Unnamed server"),
        ("\u{200B}", "Unnamed server"), ("a\u{7}b", "ab"), ("a\nb", "ab"), ("\ta", "a"), ("a\u{7F}", "a"),
        ("a\u{9B}b", "ab"), ("a\u{85}b", "ab"), ("a\u{2028}b", "ab"), ("a\u{2029}", "a"), ("a\u{202E}b", "ab"),
        ("a\u{200B}b", "ab"), ("\u{FEFF}a", "a"), ("a\u{AD}b", "ab"), ("a\u{2067}b", "ab"),
        ("a\u{200D}b", "a\u{200D}b"), ("a\u{200F}", "a\u{200F}"),
        (String(repeating: "x", count: 100), String(repeating: "x", count: 100)),
        (String(repeating: "é", count: 101), nil),
        (" " + String(repeating: "x", count: 100) + " ", String(repeating: "x", count: 100)),
    ])
    func `take the same names of servers`(name text: String, kept: String?) async throws {
        let ids = (0..<2).map { _ in GuildID(number: Int64.random(in: 1 << 60...Int64.max)) }
        let inSQL = try await inSQL("SELECT bot.guild_joined(\(ids[0]), \(text))")
        #expect(try await name(of: ids[0]) == kept && inSQL == (kept != nil))
        let overHTTP = await overHTTP("/api/v1/bot/guilds/\(ids[1])/joined", #"{"name":\#(json(text))}"#)
        #expect(try await name(of: ids[1]) == kept && overHTTP == (kept != nil))
        if text.unicodeScalars.count <= 100, let kept {
            #expect(NameRule.cleaned(text, 100) ?? "Unnamed server" == kept)
        }
    }

    /// People on pages and over the API, bots in SQL and over HTTP.
    @Test(arguments: [
        ("Nova", true), ("No\u{AD}va", false), ("a\u{85}b", false), ("a\u{2028}b", false), ("a\u{2029}b", false),
        ("a\u{202E}b", false), ("a\u{200B}b", false), ("\u{FEFF}a", false), ("a\u{9B}b", false), ("\u{3164}", false),
        ("\u{301}", false), ("\u{200D}", false), ("\u{E000}", false), ("a\u{200D}b", true), ("👩‍👩‍👧", true),
        ("a\u{200F}", true), ("🏴\u{E0067}\u{E0062}\u{E007F}", true), ("क्\u{200D}ष", true),
    ])
    func `take the same names of brands`(name: String, isTaken: Bool) async throws {
        let test = TestSite.shared
        let (overAPI, onPage, inSQL, overHTTP) = (
            try await Cast().alice, try await Cast().alice, try await Cast().alice, try await Cast().alice
        )
        let answer = await test.ask(
            .post, "/api/v1/guilds/\(overAPI.guild)/brands", as: try await test.signIn(overAPI.user),
            body: ("application/json", #"{"name":\#(json(name))}"#))
        #expect(answer.status == (isTaken ? 201 : 422))
        let page = await test.submit(
            "/guilds/\(onPage.guild)/brands/new", [("name", name)], as: try await test.enter(onPage.user))
        #expect(page.status == (isTaken ? 303 : 422))
        let item = #"[{"platform":"x","handle":"h","brand":\#(json(name)),"measuredAt":"2026-01-10T00:00:00Z"}]"#
        let stored = isTaken ? #""stored": 1"# : #""stored": 0"#
        let said = try await bot.rows("SELECT bot.upsert_accounts(\(inSQL.guild), \(item)::jsonb)::text")[0].text(0)
        #expect(said.contains(stored) && said.contains(#""field": "brand""#) != isTaken)
        let signed = try await NewAPIKey.make([.accounts], in: overHTTP)
        let sent = await SignedRequest(
            "/api/v1/bot/guilds/\(overHTTP.guild)/accounts", #"{"items":\#(item)}"#, with: signed
        ).sendInTurn()
        #expect(sent.status == 200 && sent.text.contains(stored))
    }

    @Test(arguments: [
        ("https://a.example/@ana", true), ("https://a.example?u=b@c", true), ("https://user@a.example/", false),
        ("https://user:pw@a.example", false), ("http://a.example@b.example", false),
        ("https://a.example/\u{202E}", false),
    ])
    func `reject an address with a user or password`(url: String, isTaken: Bool) async throws {
        let alice = try await Cast().alice
        let item = #"[{"platform":"x","handle":"h","url":\#(json(url)),"measuredAt":"2026-01-10T00:00:00Z"}]"#
        let said = try await bot.rows("SELECT bot.upsert_accounts(\(alice.guild), \(item)::jsonb)::text")[0].text(0)
        #expect(said.contains(#""field": "url""#) != isTaken && said.contains(#""stored": 1"#) == isTaken)
    }

    @Test(arguments: [
        ("1.4", true), (" 1.4 ", true), ("", false), ("a\u{1}", false), (String(repeating: "v", count: 65), false),
    ])
    func `take the same versions of bots`(version: String, isTaken: Bool) async throws {
        #expect(try await inSQL("SELECT bot.heartbeat(instance => 9101, version => \(version))") == isTaken)
        #expect(await overHTTP("/api/v1/bot/heartbeat", #"{"instance":9102,"version":\#(json(version))}"#) == isTaken)
    }

    @Test(arguments: ["-infinity", "infinity", "0044-03-15 12:00:00 BC", "10000-01-01T00:00:00Z"])
    func `reject a start without a year of four digits`(time: String) async throws {
        #expect(try await !inSQL("SELECT bot.heartbeat(instance => 9103, started_at => \(time)::timestamptz)"))
        #expect(await !overHTTP("/api/v1/bot/heartbeat", #"{"instance":9104,"startedAt":"\#(time)"}"#))
    }
}

/// The key that made the change.
@Suite struct `An entry of a bot in the audit log` {
    let test = TestSite.shared
    let cast: Cast

    init() async throws { cast = try await Cast() }

    private func report(_ handle: String) -> String {
        #"{"platform":"x","handle":"\#(handle)","measuredAt":"2026-01-10T00:00:00Z"}"#
    }

    private func newest() async throws -> JSONValue {
        let path = "/api/v1/guilds/\(cast.alice.guild)/audit"
        let answer = await test.ask(.get, path, as: try await test.signIn(cast.alice.user))
        return try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array?.first)
    }

    @Test func `names the key and the address with which it came over HTTP`() async throws {
        let key = try await NewAPIKey.make([.accounts], in: cast.alice)
        let path = "/api/v1/bot/guilds/\(cast.alice.guild)/accounts"
        let answer = await SignedRequest(path, #"{"items":[\#(report("one"))]}"#, with: key).sendInTurn()
        #expect(answer.status == 200)
        let entry = try await newest()
        #expect(entry["action"]?.string == "accounts.reported" && entry["source"]?.string == "bot")
        #expect(entry["actor"]?["type"]?.string == "bot" && entry["actor"]?["name"]?.string == "a bot")
        let access = cast.alice
        let id = try await ask { try await $0.read(APIKeys.list, in: access)[0].id }
        #expect(entry["actor"]?["id"]?.string == id.description)
        #expect(entry["ipAddress"]?.string == "127.0.0.•••")
        let alice = try await test.signIn(cast.alice.user)
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", query: "actor=bot", as: alice)
        #expect(page.text.contains("by the bot with the key <bdi>a bot</bdi>"))
        #expect(page.text.contains(#"<option value="key:\#(id)">The bot, with the key a bot</option>"#))
        let log = "/api/v1/guilds/\(cast.alice.guild)/audit"
        for (actor, count) in [("key:\(id)", 1), ("key:\(id.number + 1)", 0)] {
            let found = await test.ask(.get, log, query: "actor=\(actor)", as: alice)
            #expect(try JSONParser.parse(Array(found.text.utf8))["items"]?.array?.count == count)
        }
        #expect(await test.ask(.get, log, query: "actor=key:x", as: alice).status == 400)
        #expect(
            await test.ask(.get, "/api/v1/guilds/\(cast.alice.guild)/audit.csv", as: alice).text.contains(
                "bot,\(id),a bot,"))
        let chains = try await waiting { [client = cast.alice.client] in
            let owner = try BlockingConnection(
                ConnectionSettings(address: TestDatabase.shared.address, role: .owner, name: "tests"))
            let chains = try AuditChains(owner)
            return try chains.verdict(of: try #require(try chains.names().first { $0.client == client })).isSound
        }
        #expect(chains)
    }

    @Test func `names the installation for a key of the operator`() async throws {
        let key = try await NewAPIKey.makeForInstallation([.accounts])
        let path = "/api/v1/bot/guilds/\(cast.alice.guild)/accounts"
        #expect(await SignedRequest(path, #"{"items":[\#(report("two"))]}"#, with: key).sendInTurn().status == 200)
        let entry = try await newest()
        #expect(entry["actor"]?["id"]?.string != nil && entry["actor"]?["name"] == .null)
        let alice = try await test.signIn(cast.alice.user)
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", as: alice)
        let id = try #require(entry["actor"]?["id"]?.string)
        #expect(page.text.contains("by the bot with the key \(id) of the installation"))
    }

    @Test func `names no key for writes in SQL, even if the bot sets one`() async throws {
        let bot = try WaitingConnection(signedInAs: "tracking_bot", role: .login)
        try await bot.script("SET app.api_key = '1'; SET app.asking_from = '203.0.113.9'")
        _ = try await bot.rows(
            "SELECT bot.upsert_accounts(\(cast.alice.guild), \("[" + report("three") + "]")::jsonb)")
        let entry = try await newest()
        #expect(entry["action"]?.string == "accounts.reported")
        #expect(entry["actor"]?["id"] == .null && entry["ipAddress"] == .null)
    }
}
