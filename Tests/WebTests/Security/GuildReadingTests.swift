import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

/// Discord's list is read again while a session continues: the tests have each answer of Discord.
@Suite struct `Reading servers from Discord again` {
    let discord: ScriptedDiscord
    let test: TestSite
    let cast: Cast
    var user: UserID { cast.alice.user }
    var guild: GuildID { cast.alice.guild }

    init() async throws {
        discord = try ScriptedDiscord()
        test = TestSite(discord: discord.base)
        cast = try await Cast()
        try await store(TokenVault(current: Array(repeating: 2, count: 64)), seconds: 604_800)
    }

    /// Tokens `a1` and `r1`, and a list that is 16 minutes old.
    func store(_ vault: TokenVault, seconds: Int64) async throws {
        let user = user
        try await ask { database in
            try await database.transaction(for: nil) { transaction in
                let tokens = DiscordClient.Tokens(access: "a1", refresh: "r1", seconds: seconds, scopes: [])
                try await DiscordGrants.store(vault.seal(tokens, of: user), of: user, transaction)
                try await transaction.rows(
                    """
                    UPDATE users SET guilds_read_at = now() - interval '16 minutes', guilds_retry_at = NULL,
                                     last_sign_in_at = now() - interval '1 hour' WHERE id = \(user)
                    """)
            }
        }
    }

    /// Requests a page with the refresh cookie alone, and returns its guilds.
    func goOn(_ site: TestSite? = nil) async throws -> String {
        let test = site ?? test
        let refresh = try await test.refreshToken(of: user)
        let answer = await test.ask(.get, "/api/v1/auth/me", headers: [("Cookie", "dashboard_refresh=" + refresh)])
        #expect(answer.status == 200)
        return answer.text
    }

    func state() async throws -> (source: String, retry: Double?, access: String?, refresh: String?) {
        let (user, vault) = (user, test.vault)
        return try await ask { database in
            let row = try await database.rows(
                """
                SELECT guilds_source_state, ceil(extract(epoch FROM guilds_retry_at - now()))::bigint,
                       access_token_ciphertext, refresh_token_ciphertext FROM users WHERE id = \(user)
                """)[0]
            return (
                row.text(0), row.optionalInteger(1).map(Double.init),
                row.optionalData(2).flatMap { vault.open($0, .access, of: user) },
                row.optionalData(3).flatMap { vault.open($0, .refresh, of: user) }
            )
        }
    }

    func isUnread() async throws -> Bool {
        let state = try await state()
        return state.source != "current" || state.retry != nil
    }

    @Test func `stops when the person logs out everywhere, and Discord revokes the tokens`() async throws {
        discord.answers(ScriptedDiscord.revocation, .json("{}"))
        let token = try await test.signIn(user)
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: token).status == 204)
        let told = try #require(discord.asked(ScriptedDiscord.revocation).first)
        let form = try FormBody(told)
        #expect(form["token"] == "r1" && form["client_id"] == DiscordStandIn.application.id)
        #expect(form["client_secret"] == DiscordStandIn.application.secret.exposed)
        let state = try await state()
        #expect(state.source == "revoked" && state.access == nil && state.refresh == nil)
    }

    @Test func `stops even if Discord does not answer, and not with a single session`() async throws {
        let (one, other) = (try await test.signIn(user), try await test.signIn(user))
        #expect(await test.ask(.post, "/api/v1/auth/logout", as: one).status == 204)
        #expect(try await state().refresh == "r1")
        #expect(discord.asked(ScriptedDiscord.revocation).isEmpty)
        discord.answers(ScriptedDiscord.revocation, .html(503))
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: other).status == 204)
        #expect(await test.ask(.get, "/api/v1/auth/me", as: other).status == 401)
        #expect(try await state().refresh == nil)
        // Nothing is left to revoke: Discord is not asked again.
        let third = try await test.signIn(user)
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: third).status == 204)
        #expect(discord.asked(ScriptedDiscord.revocation).count == 1)
    }

    @Test func `revokes access in the same request after leaving the server`() async throws {
        discord.answers(ScriptedDiscord.guilds, .guilds((GuildID(number: 1), "8")))
        #expect(try await !goOn().contains("\"\(guild)\""))
        let asked = try #require(discord.asked(ScriptedDiscord.guilds).first)
        #expect(asked.headers.text("authorization") == "Bearer a1")
        #expect(asked.headers.text("user-agent")?.hasPrefix("DiscordBot (test, ") == true)
        #expect(try await state().source == "current")
    }

    @Test func `makes an admin a viewer after the role was removed`() async throws {
        #expect(try await goOn().contains("admin"))
        try await store(test.vault, seconds: 604_800)
        discord.answers(ScriptedDiscord.guilds, .guilds((guild, "1024")))
        #expect(try await goOn().contains(#""level":"viewer""#))
    }

    @Test func `accepts an empty list as no servers`() async throws {
        discord.answers(ScriptedDiscord.guilds, .json("[]"))
        #expect(try await !goOn().contains("\"\(guild)\""))
        #expect(try await state().source == "current")
    }

    @Test(arguments: [
        "null", "5", "{}", #"{"id":"7"}"#, #"{"id":"0","name":"x","permissions":"8","owner":false}"#,
        #"{"id":7,"name":"x","permissions":"8","owner":false}"#, #"{"id":"7","permissions":"8","owner":false}"#,
        #"{"id":"7","name":null,"permissions":"8","owner":false}"#, #"{"id":"7","name":"x","owner":false}"#,
        #"{"id":"7","name":"x","permissions":"","owner":false}"#,
        #"{"id":"7","name":"x","permissions":8,"owner":false}"#,
        #"{"id":"7","name":"x","permissions":"-1","owner":false}"#, #"{"id":"7","name":"x","permissions":"8"}"#,
        #"{"id":"7","name":"x","permissions":"8","owner":"no"}"#,
    ])
    func `keeps the list if an entry of the new one is invalid`(entry: String) async throws {
        let readable = #"{"id":"8","name":"y","icon":null,"permissions":"8","owner":false}"#
        discord.answers(ScriptedDiscord.guilds, .json("[\(readable),\(entry)]"))
        #expect(try await goOn().contains("\"\(guild)\""))
        #expect(try await state().source == "unavailable")
    }

    @Test func `happens at most every 15 minutes`() async throws {
        discord.answers(ScriptedDiscord.guilds, .guilds((guild, "8")))
        for _ in 1...3 { #expect(try await goOn().contains("\"\(guild)\"")) }
        #expect(discord.asked(ScriptedDiscord.guilds).count == 1)
    }

    @Test(arguments: [
        (ScriptedDiscord.Answer(status: 429, body: #"{"message":"slow","retry_after":70.2,"global":false}"#), 71),
        (ScriptedDiscord.Answer(status: 429, body: "", retryAfter: "90"), 90),
        (ScriptedDiscord.Answer(status: 429, body: #"{"retry_after":1e300}"#), 3_600),
        (ScriptedDiscord.Answer(status: 429, body: #"{"retry_after":"soon"}"#), 30),
        (ScriptedDiscord.Answer(status: 429, body: "", retryAfter: "nan"), 30),
        (ScriptedDiscord.Answer(status: 429, body: "", retryAfter: "-inf"), 30),
        (ScriptedDiscord.Answer.html(429), 30),
    ])
    func `waits as long as Discord asks`(answer: ScriptedDiscord.Answer, seconds: Double) async throws {
        discord.answers(ScriptedDiscord.guilds, answer)
        for _ in 1...3 { #expect(try await goOn().contains("\"\(guild)\"")) }
        #expect(discord.asked(ScriptedDiscord.guilds).count == 1)
        let state = try await state()
        #expect(state.source == "rate_limited")
        // A busy machine takes some time between the answer and the check.
        #expect((seconds - 20...seconds).contains(try #require(state.retry)))
        #expect(state.access == "a1")
    }

    @Test(arguments: [
        ScriptedDiscord.Answer.html(403), .html(503), .html(200), .html(400), .html(401), .json("{}"), .json("null"),
        .json(#""text""#),
        .json("[{"), .refused(403, #"{"message":"internal network error","code":40333}"#), .refused(500, "{}"),
        .refused(400, #"{"code":0,"message":"?"}"#), .refused(404, #"{"message":"404: Not Found","code":0}"#),
        .refused(302, ""),
    ])
    func `keeps list and tokens if the answer is not Discord's`(answer: ScriptedDiscord.Answer) async throws {
        discord.answers(ScriptedDiscord.guilds, answer)
        #expect(try await goOn().contains("\"\(guild)\""))
        let state = try await state()
        #expect(state.source == "unavailable")
        #expect(state.access == "a1" && state.refresh == "r1")
        #expect((50...60).contains(try #require(state.retry)))
    }

    @Test func `renews an expired token first and keeps the new ones`() async throws {
        try await store(test.vault, seconds: 10)
        discord.answers(ScriptedDiscord.token, .tokens("a2", "r2"))
        discord.answers(ScriptedDiscord.guilds, .guilds((guild, "8")))
        #expect(try await goOn().contains("\"\(guild)\""))
        let form = String(decoding: try #require(discord.asked(ScriptedDiscord.token).first).body, as: UTF8.self)
        #expect(form.contains("grant_type=refresh_token") && form.contains("refresh_token=r1"))
        #expect(discord.asked(ScriptedDiscord.guilds).first?.headers.text("authorization") == "Bearer a2")
        let state = try await state()
        #expect(state.access == "a2" && state.refresh == "r2")
    }

    @Test func `keeps the new tokens when the list cannot be read with them`() async throws {
        try await store(test.vault, seconds: 10)
        discord.answers(ScriptedDiscord.token, .tokens("a2", "r2"))
        discord.answers(ScriptedDiscord.guilds, .html(503))
        #expect(try await goOn().contains("\"\(guild)\""))
        let state = try await state()
        #expect(state.source == "unavailable" && state.refresh == "r2")
    }

    @Test func `tries the refresh token if only the access token is invalid`() async throws {
        discord.answers(ScriptedDiscord.guilds, .refused(401, #"{"message":"401: Unauthorized","code":0}"#))
        discord.answers(ScriptedDiscord.token, .tokens("a2", "r2"))
        discord.answers(ScriptedDiscord.guilds, .guilds((guild, "8")))
        #expect(try await goOn().contains("\"\(guild)\""))
        #expect(try await state().source == "current")
    }

    @Test func `drops tokens that Discord rejects, and keeps the list`() async throws {
        try await store(test.vault, seconds: 10)
        discord.answers(ScriptedDiscord.token, .refused(400, #"{"error":"invalid_grant"}"#))
        for _ in 1...3 { #expect(try await goOn().contains("\"\(guild)\"")) }
        #expect(discord.asked(ScriptedDiscord.token).count == 1)
        let state = try await state()
        #expect(state.source == "revoked" && state.access == nil && state.refresh == nil)
    }

    @Test(arguments: [
        ScriptedDiscord.Answer.html(400), .refused(401, #"{"error":"invalid_client"}"#),
        .refused(400, #"{"error":"unsupported_grant_type"}"#), .json(#"{"access_token":"a2"}"#),
        .json(#"{"access_token":7,"expires_in":"x"}"#),
    ])
    func `keeps the tokens when renewing fails for another reason`(answer: ScriptedDiscord.Answer) async throws {
        try await store(test.vault, seconds: 10)
        discord.answers(ScriptedDiscord.token, answer)
        #expect(try await goOn().contains("\"\(guild)\""))
        let state = try await state()
        #expect(state.source == "unavailable" && state.refresh == "r1")
    }

    @Test func `keeps tokens that were sealed with another secret`() async throws {
        try await store(TokenVault(current: Array(repeating: 9, count: 64)), seconds: 604_800)
        #expect(try await goOn().contains("\"\(guild)\""))
        #expect(try await state().source == "unavailable")
        let user = user
        let isKept = try await ask {
            try await $0.rows("SELECT access_token_ciphertext IS NOT NULL FROM users WHERE id = \(user)")[0].boolean(0)
        }
        #expect(isKept)
    }

    @Test(.timeLimit(.minutes(1))) func `does not delay requests while Discord is slow`() async throws {
        var settings = TestSite.settings
        settings.discordTimeout = .milliseconds(20)
        // The calls themselves may take as long as on a busy machine.
        let patient = TestSite(settings, discord: discord.base, discordMilliseconds: 50_000)
        let gate = ScriptedDiscord.Gate()
        var slow = ScriptedDiscord.Answer.guilds((GuildID(number: 1), "8"))
        slow.gate = gate
        discord.answers(ScriptedDiscord.guilds, slow)
        for _ in 1...3 { #expect(try await goOn(patient).contains("\"\(guild)\"")) }
        #expect(discord.asked(ScriptedDiscord.guilds).count == 1)
        gate.open()
        while try await isUnread() { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await !goOn(patient).contains("\"\(guild)\""))
    }

    @Test func `is done once by any number of processes at once`() async throws {
        try await store(test.vault, seconds: 10)
        discord.answers(ScriptedDiscord.token, .tokens("a2", "r2"), .tokens("a3", "r3"))
        discord.answers(ScriptedDiscord.guilds, .guilds((guild, "8")), .guilds((guild, "8")))
        let sites = [test, TestSite(discord: discord.base), TestSite(discord: discord.base)]
        try await withThrowingTaskGroup { group in
            for number in 0..<12 { group.addTask { try await goOn(sites[number % 3]) } }
            for try await text in group { #expect(text.contains("\"\(guild)\"")) }
        }
        #expect(discord.asked(ScriptedDiscord.token).count == 1)
        #expect(discord.asked(ScriptedDiscord.guilds).count == 1)
        #expect(try await state().refresh == "r2")
    }
}
