import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// The callback of a sign-in, with each answer of Discord.
@Suite struct `Signing in at Discord` {
    let discord: ScriptedDiscord
    let test: TestSite
    let user = Cast.number()

    init() throws {
        discord = try ScriptedDiscord()
        test = TestSite(discord: discord.base)
    }

    func finish(
        on test: TestSite? = nil, peer: IPAddress = .loopback, forwarded: String = "", isHead: Bool = false
    ) async throws -> Response {
        let test = test ?? self.test
        let begun = await test.ask(.get, "/api/v1/auth/discord")
        let cookie = try #require(begun.header("Set-Cookie")?.split(separator: ";").first)
        let location = try #require(begun.header("Location"))
        let state = try #require(location.split(separator: "&").first { $0.hasPrefix("state=") })
        return await test.ask(
            .get, "/api/v1/auth/discord/callback", query: "code=c1&\(state)",
            headers: [("Cookie", String(cookie)), ("X-Forwarded-For", forwarded)], peer: peer, isHead: isHead)
    }

    func person(_ more: String) -> ScriptedDiscord.Answer {
        .json(#"{"id":"\#(user)","username":"ada","avatar":null,"discriminator":"0"\#(more)}"#)
    }

    func stored(_ column: SQL) async throws -> String? {
        let user = UserID(number: user)
        return try await ask { try await $0.rows("SELECT \(column) FROM users WHERE id = \(user)").first?.text(0) }
    }

    @Test(arguments: [
        "", #","email":"a@b.example""#, #","verified":true"#, #","verified":true,"email":null"#,
        #","verified":false,"email":"a@b.example""#, #","verified":null,"email":"a@b.example""#,
        #","verified":"true","email":"a@b.example""#, #","verified":1,"email":"a@b.example""#,
        #","verified":true,"email":"""#, #","verified":true,"email":"ada""#, #","verified":true,"email":"@b.example""#,
        #","verified":true,"email":"a@""#, #","verified":true,"email":"a b@b.example""#,
        #","verified":true,"email":"a@b.example\n""#, #","verified":true,"email":7"#,
    ])
    func `needs a verified e-mail address, and stores nothing without it`(fields: String) async throws {
        discord.answers(ScriptedDiscord.token, .tokens("a1", "r1"))
        discord.answers(ScriptedDiscord.person, person(fields))
        let answer = try await finish()
        #expect(answer.status == 403)
        #expect(answer.text.contains("not verified"))
        #expect(try await stored("username") == nil)
    }

    @Test(arguments: [
        ScriptedDiscord.Answer.json("null"), .html(429), .html(503),
        .json("[null, 5, {}, {\"id\":\"x\",\"name\":\"y\"}]"),
    ])
    func `works without a list of servers`(guilds: ScriptedDiscord.Answer) async throws {
        discord.answers(ScriptedDiscord.token, .tokens("a1", "r1"))
        discord.answers(ScriptedDiscord.person, person(#","verified":true,"email":"a@b.example""#))
        discord.answers(ScriptedDiscord.guilds, guilds)
        #expect(try await finish().status == 303)
        #expect(try await stored("guilds_source_state") == (guilds.status == 429 ? "rate_limited" : "unavailable"))
    }

    @Test func `keeps the stored list if Discord's new one is invalid`() async throws {
        let guild = GuildID(number: Cast.number())
        for guilds in [ScriptedDiscord.Answer.guilds((guild, "8")), .json("null"), .json(#"[{"id":"7","name":"x"}]"#)] {
            discord.answers(ScriptedDiscord.token, .tokens("a1", "r1"))
            discord.answers(ScriptedDiscord.person, person(#","verified":true,"email":"a@b.example""#))
            discord.answers(ScriptedDiscord.guilds, guilds)
            #expect(try await finish().status == 303)
            let kept = try await stored(
                "(SELECT string_agg(guild_id::text, ',') FROM user_guilds WHERE user_id = users.id)")
            #expect(kept == guild.description)
        }
        #expect(try await stored("guilds_source_state") == "unavailable")
    }

    @Test func `neither starts nor completes with a HEAD`() async throws {
        let begin = await test.ask(.get, "/api/v1/auth/discord", isHead: true)
        #expect(begin.status == 405 && begin.header("Allow") == "GET" && begin.header("Set-Cookie") == nil)
        let callback = try await finish(isHead: true)
        #expect(callback.status == 405 && callback.header("Allow") == "GET" && callback.header("Set-Cookie") == nil)
        #expect(discord.asked(ScriptedDiscord.token).isEmpty)
        #expect(await test.ask(.get, "/login", isHead: true).status == 200)
        #expect(await test.ask(.post, "/api/v1/auth/discord").header("Allow") == "GET")
        #expect(await test.ask(.post, "/status").header("Allow") == "HEAD, GET")
    }

    @Test func `stores Discord's tokens only sealed`() async throws {
        discord.answers(ScriptedDiscord.token, .tokens("access-of-discord", "refresh-of-discord"))
        discord.answers(ScriptedDiscord.person, person(#","verified":true,"email":"a@b.example""#))
        discord.answers(ScriptedDiscord.guilds, .json("[]"))
        #expect(try await finish().status == 303)
        let user = UserID(number: user)
        let sealed = try await ask {
            try await $0.rows("SELECT refresh_token_ciphertext FROM users WHERE id = \(user)")[0].data(0)
        }
        #expect(test.vault.open(sealed, .refresh, of: user) == "refresh-of-discord")
        let row = try await stored("users::text || encode(refresh_token_ciphertext, 'escape')")
        #expect(row?.contains("of-discord") == false)
    }

    @Test(arguments: [("10.0.0.1", "198.51.100.7"), ("203.0.113.5", "203.0.113.5")])
    func `records the address that a trusted proxy names, and no other`(peer: String, noted: String) async throws {
        var settings = TestSite.settings
        settings.trustedProxies = TrustedProxies([AddressRange("10.0.0.0/8")].compactMap { $0 })
        discord.answers(ScriptedDiscord.token, .tokens("a1", "r1"))
        discord.answers(ScriptedDiscord.person, person(#","verified":true,"email":"a@b.example""#))
        discord.answers(ScriptedDiscord.guilds, .json("[]"))
        let site = TestSite(settings, discord: discord.base)
        let peer = try #require(IPAddress(peer))
        #expect(try await finish(on: site, peer: peer, forwarded: "1.2.3.4, 198.51.100.7").status == 303)
        #expect(try await stored("(SELECT host(ip_address) FROM dashboard_sessions WHERE user_id = users.id)") == noted)
    }

    @Test func `accepts names of any length and kind, and duplicate guilds`() async throws {
        discord.answers(ScriptedDiscord.token, .tokens("a1", "r1"))
        let marks = String(repeating: "e\u{301}", count: 200)
        discord.answers(
            ScriptedDiscord.person,
            person(
                #","global_name":"\#(marks)<b>","locale":"a-very-long-locale-name","verified":true,"email":"a@b.example""#
            ))
        let guild = GuildID(number: Cast.number())
        let rights = #","permissions":"8","owner":false"#
        discord.answers(
            ScriptedDiscord.guilds,
            .json(#"[{"id":"\#(guild)","name":"\#(marks)"\#(rights)},{"id":"\#(guild)","name":""\#(rights)}]"#))
        let answer = try await finish()
        #expect(answer.status == 303)
        #expect(try await stored("length(global_name)::text") == "64")
        #expect(try await stored("guilds_source_state") == "current")
    }

    @Test func `names variables and redirect URL when Discord refuses the application`() async throws {
        discord.answers(ScriptedDiscord.token, .refused(401, #"{"error":"invalid_client"}"#))
        let page = try await finish().text
        #expect(page.contains("DASHBOARD_DISCORD_CLIENT_SECRET"))
        #expect(page.contains("http://dashboard.test/api/v1/auth/discord/callback"))
    }

    @Test(arguments: [
        ("evil.example", "evil.example", true), ("dash.example.org", "dash.example.org", false),
        ("DASH.example.org", "DASH.example.org", false), ("\"><b>\u{202e}x", "&quot;&gt;&lt;b&gt;???x", true),
        (String(repeating: "a", count: 5_000), String(repeating: "a", count: 100) + "<", true),
    ])
    func `names the right address if it was started under another`(
        host: String, shown: String, differs: Bool
    ) async throws {
        var settings = TestSite.settings
        settings.origin = "https://dash.example.org"
        let page = await TestSite(settings, discord: discord.base).ask(
            .get, "/api/v1/auth/discord/callback", query: "code=c1&state=s1", headers: [("Host", host)])
        #expect(page.status == 400)
        #expect(page.text.contains("https://dash.example.org</code>") && page.text.contains("DASHBOARD_URL"))
        #expect(page.text.contains(">" + shown) && page.text.contains("These two differ") == differs)
    }

    @Test(arguments: [
        (ScriptedDiscord.Answer.refused(400, #"{"error":"invalid_grant"}"#), 400),
        (.refused(401, #"{"error":"invalid_client"}"#), 503), (.html(403), 503), (.html(200), 503), (.json("{}"), 503),
        (.html(429), 503),
    ])
    func `has a page for every refusal of a code`(answer: ScriptedDiscord.Answer, status: Int) async throws {
        discord.answers(ScriptedDiscord.token, answer)
        let page = try await finish()
        #expect(page.status == status)
        #expect(page.text.contains("</html>") || page.text.contains("Back to the sign-in page"))
        #expect(!page.text.contains("1015"))
        #expect(try await stored("username") == nil)
    }
}

@Suite struct `Discord's check of the application` {
    let discord: ScriptedDiscord
    let client: DiscordClient
    // Its Base64 needs padding and both letters that URLs cannot have.
    let application = DiscordApplication(id: "1", secret: "~~~>>>???")

    init() throws {
        discord = try ScriptedDiscord()
        client = DiscordClient(
            client: HTTPSClient(allowsHTTP: true), authorizeAddress: "/", base: discord.base, site: "test",
            milliseconds: 2_000)
    }

    @Test func `sends its id and secret`() async throws {
        discord.answers(ScriptedDiscord.token, .json(#"{"access_token":"x","expires_in":604800,"scope":"identify"}"#))
        #expect(await client.refusal(of: application) == nil)
        let asked = try #require(discord.asked(ScriptedDiscord.token).first)
        #expect(asked.headers.text("authorization") == "Basic MTp+fn4+Pj4/Pz8=")
        #expect(String(decoding: asked.body, as: UTF8.self).contains("grant_type=client_credentials"))
    }

    @Test(arguments: [
        (ScriptedDiscord.Answer.refused(401, #"{"error":"invalid_client"}"#), DiscordFailure.wrongApplication),
        (.html(403), .unavailable("status 403")), (.html(429), .rateLimited(seconds: 30)),
    ])
    func `distinguishes a wrong secret from an outage`(answer: ScriptedDiscord.Answer, failure: DiscordFailure) async {
        discord.answers(ScriptedDiscord.token, answer)
        #expect(await client.refusal(of: application) == failure)
    }
}
