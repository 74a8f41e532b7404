import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The audit log of a server` {
    let test = TestSite.shared

    private func path(_ cast: Cast) -> String { "/api/v1/guilds/\(cast.alice.guild)/audit" }

    private func items(_ answer: Response) throws -> [JSONValue] {
        #expect(answer.status == 200)
        return try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array)
    }

    /// Entries as several people and programs write them, the newest last.
    private func fill(_ cast: Cast) async throws {
        let seed = Seed(cast.alice)
        try await seed.audit("brand.created", "brand", "3", #"{"name": [null, "Nova"]}"#, address: "203.0.113.24")
        try await seed.audit(
            "account.deleted", "account", "9", #"{"handle": "=nova", "posts": 4}"#, by: cast.bob.user)
        try await seed.audit("accounts.reported", "guild", "1", #"{"accounts": [null, 2]}"#, by: nil)
    }

    @Test func `is read the newest first, in sentences, with masked addresses`() async throws {
        let cast = try await Cast()
        try await fill(cast)
        let alice = try await test.signIn(cast.alice.user)
        let items = try items(await test.ask(.get, path(cast), as: alice))
        #expect(
            items.compactMap { $0["summary"]?.string } == [
                "The bot reported accounts: 2 new accounts", "bob deleted the account @=nova, and with it 4 posts",
                "alice added the brand Nova", "The operator registered the server Guild A",
            ])
        #expect(items[2]["ipAddress"]?.string == "203.0.113.•••" && items[2]["actor"]?["name"]?.string == "alice")
        #expect(items[2]["changes"]?["name"]?.array == [.null, .string("Nova")])
        #expect(items[0]["actor"]?["type"]?.string == "bot" && items[0]["actor"]?["id"] == .null)
    }

    @Test func `is filtered by actor, action, kind of object and time`() async throws {
        let cast = try await Cast()
        try await fill(cast)
        let alice = try await test.signIn(cast.alice.user)
        let today = CalendarDay(number: Int(Timestamp.now.seconds / 86_400))
        let tomorrow = today.adding(days: 1).iso8601
        for (query, actions) in [
            ("actor=\(cast.bob.user)", ["account.deleted"]), ("actor=bot", ["accounts.reported"]),
            ("actor=system", ["guild.joined"]), ("action=brand.created", ["brand.created"]),
            ("targetType=guild", ["accounts.reported", "guild.joined"]),
            ("targetType=guild&actor=bot", ["accounts.reported"]),
            ("action=brand", []), ("from=\(tomorrow)", []), ("to=2020-01-01", []),
            ("from=2020-01-01&to=\(tomorrow)&action=brand.created", ["brand.created"]),
        ] {
            let items = try items(await test.ask(.get, path(cast), query: query, as: alice))
            #expect(items.compactMap { $0["action"]?.string } == actions, "\(query)")
        }
    }

    @Test(arguments: [
        "actor=me", "actor=0", "action=Brand", "action=%27", "targetType=a.b", "from=yesterday",
        "cursor=x", "limit=0", "who=1",
    ])
    func `refuses invalid filters`(query: String) async throws {
        let cast = try await Cast()
        let answer = await test.ask(.get, path(cast), query: query, as: try await test.signIn(cast.alice.user))
        #expect(answer.status == 400, "\(query)")
    }

    @Test func `refuses days in the wrong order with the names of both`() async throws {
        let cast = try await Cast()
        let answer = await test.ask(
            .get, path(cast), query: "from=2026-02-02&to=2026-02-01", as: try await test.signIn(cast.alice.user))
        #expect(answer.status == 422 && answer.text.contains("\"from\"") && answer.text.contains("\"to\""))
    }

    @Test func `continues after the previous page, within the same filters only`() async throws {
        let cast = try await Cast()
        for number in 1...5 { try await Seed(cast.alice).audit("brand.created", "brand", "\(number)", "{}") }
        let alice = try await test.signIn(cast.alice.user)
        var (seen, cursor): ([String], String) = ([], "")
        repeat {
            let answer = await test.ask(.get, path(cast), query: "limit=2&action=brand.created\(cursor)", as: alice)
            seen += try items(answer).compactMap { $0["targetId"]?.string }
            let next = try JSONParser.parse(Array(answer.text.utf8))["nextCursor"]?.string
            if let next {
                #expect(await test.ask(.get, path(cast), query: "limit=2&cursor=\(next)", as: alice).status == 400)
            }
            cursor = next.map { "&cursor=\($0)" } ?? ""
        } while !cursor.isEmpty
        #expect(seen == ["5", "4", "3", "2", "1"])
    }

    @Test func `is a file for spreadsheets, in which no text is a formula`() async throws {
        let cast = try await Cast()
        for name in [
            "=1+1", "+1", "-1", "@SUM(A1)", "a,b \"c\"", "two\nlines", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1",
            "\u{FF20}A", "a;b", "a;=1", "a\t@b", "a\n=1", "a;\"=1\"", "a\tb", "a;\u{FF1D}1",
        ] {
            try await Seed(cast.alice).audit("brand.created", "brand", name, "{}")
        }
        let alice = try await test.signIn(cast.alice.user)
        let file = await test.ask(.get, "\(path(cast)).csv", query: "action=brand.created", as: alice)
        #expect(file.status == 200 && file.header("Content-Type") == "text/csv; charset=utf-8")
        #expect(file.header("Content-Disposition") == "attachment; filename=\"audit-\(cast.alice.guild).csv\"")
        #expect(file.header("Dashboard-Row-Count") == "17" && file.header("Dashboard-Truncated") == "false")
        for cell in [
            #""'=1+1""#, #""'+1""#, #""'-1""#, #""'@SUM(A1)""#, #""a,b ""c""""#, "\"two\nlines\"", "\"'\u{FF1D}1\"",
            "\"'\u{FF0B}1\"", "\"'\u{FF0D}1\"", "\"'\u{FF20}A\"", #""a;b""#, #""a;'=1""#, "\"a\t'@b\"", "\"a\n'=1\"",
            #""a;'""=1""""#, "\"a\tb\"", "\"a;'\u{FF1D}1\"",
        ] {
            #expect(file.text.contains(",brand,\(cell),"), "\(cell)")
        }
        #expect(file.text.utf8.starts(with: "id,time (UTC),actor type".utf8) && !file.text.contains("guild.joined"))
        #expect(file.text.components(of: "\r\n") == 18)
    }

    /// A batch as large as one over HTTP may be, with names that JSON escapes.
    private func batch(_ day: Int, _ mark: String) -> String {
        let items = (0..<1_000).map { index in
            """
            {"platform":"youtube","handle":"h\(index)\(String(repeating: "x", count: 94))",\
            "displayName":"\(String(repeating: #"\\"#, count: 199))\(mark)","measuredAt":"2026-04-0\(day)T00:00:00Z"}
            """
        }
        return #"{"items":[\#(items.joined(separator: ","))]}"#
    }

    @Test func `has the counts of a large batch, and omits items over the limit`() async throws {
        let cast = try await Cast()
        let key = try await NewAPIKey.make([.accounts], in: cast.alice)
        for (day, mark) in [(1, "a"), (2, "b")] {
            let path = "/api/v1/bot/guilds/\(cast.alice.guild)/accounts"
            let answer = await SignedRequest(path, batch(day, mark), with: key).sendInTurn()
            #expect(answer.status == 200 && answer.text.contains(#""stored": 1000"#), "\(answer.text.prefix(300))")
        }
        let alice = try await test.signIn(cast.alice.user)
        let entry = try #require(try items(await test.ask(.get, path(cast), query: "limit=1", as: alice)).first)
        let shown = try #require(entry["changes"]?["displayNames"]?.array?.first?.array?.count)
        #expect((15...20).contains(shown))
        #expect(entry["changes"]?["omitted"]?.int64 == Int64(1_000 - shown))
        let more = "\(1_000 - shown) more changes"
        // By handle, each cut after 80 characters.
        let handles = ["h0", "h100", "h101"]
            .map { "@" + ($0 + String(repeating: "x", count: 94)).prefix(80) + "…" }.joined(separator: ", ")
        let accounts = "\(handles) and \(shown - 3) more"
        let sentence = "The bot reported accounts: \(shown) display names changed (\(accounts)) and \(more)"
        #expect(entry["summary"]?.string == sentence)
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", query: "limit=1", as: alice).text
        #expect(
            page.contains("and \(shown - 3) more) and \(more).")
                && page.contains("And \(more), too many for one entry."))
        let file = await test.ask(.get, "\(path(cast)).csv", query: "actor=bot", as: alice).text
        #expect(file.contains(sentence) && file.contains(#"""omitted"": \#(1_000 - shown),"#))
    }

    @Test func `names accounts and groups, with links to those that exist`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Nova")
        let (old, new) = (try await seed.group("Old", of: brand), try await seed.group("New", of: brand))
        let account = try await seed.account("ana", in: new)
        try await seed.audit(
            "account.updated", "account", "\(account)",
            #"{"groupId": {"from": "\#(old)", "to": "\#(new)"}, "status": {"from": "active", "to": "not_found"}}"#)
        try await seed.audit("account.updated", "account", "999999999", #"{"notes": {"from": null, "to": "x"}}"#)
        let alice = try await test.signIn(cast.alice.user)
        let text =
            "alice changed the account @ana: the status from active to not found and the group from Nova: Old to Nova: New"
        let summaries = try items(await test.ask(.get, path(cast), as: alice)).compactMap { $0["summary"]?.string }
        #expect(summaries.first { $0.contains("@ana") } == text)
        #expect(await test.ask(.get, "\(path(cast)).csv", as: alice).text.contains(text))
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", as: alice).text
        #expect(page.contains(#"<a href="/guilds/\#(cast.alice.guild)/accounts/\#(account)"><bdi>@ana</bdi></a>"#))
        #expect(page.contains("<strong><bdi>999999999</bdi></strong>"))
        #expect(page.contains(/<time datetime="[^"]+" title="[^"]+">\d\d:\d\d<\/time> · in the dashboard/))
    }

    @Test func `is hidden from other tenants`() async throws {
        let cast = try await Cast()
        try await fill(cast)
        let charlie = try await test.signIn(cast.charlie.user)
        let own = await test.ask(.get, "/api/v1/guilds/\(cast.charlie.guild)/audit", as: charlie)
        #expect(try items(own).count == 1)
        #expect(!own.text.contains("Nova"))
    }

    @Test func `is a page of sentences with the raw entry behind each`() async throws {
        let cast = try await Cast()
        try await fill(cast)
        try await Seed(cast.alice).audit("brand.created", "brand", "4", #"{"name": [null, "<b>bold</b>"]}"#)
        let alice = try await test.signIn(cast.alice.user)
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", as: alice)
        #expect(page.status == 200)
        #expect(
            page.text.contains("<strong><bdi>bob</bdi></strong> deleted the account <strong><bdi>@=nova</bdi></strong>")
        )
        #expect(!page.text.contains("<b>bold") && page.text.contains("&lt;b&gt;bold"))
        #expect(page.text.contains("203.0.113.•••") && !page.text.contains("203.0.113.24"))
        #expect(page.text.contains("href=\"/api/v1/guilds/\(cast.alice.guild)/audit.csv\""))
        let filtered = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", query: "actor=bot", as: alice).text
        #expect(filtered.contains("audit.csv?actor=bot\"") && !filtered.contains("@=nova"))
        let none = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", query: "to=2020-01-01", as: alice).text
        #expect(none.contains("No matching entries"))
        let gone = await test.ask(.get, "/guilds/\(cast.alice.guild)/audit", query: "actor=key:999", as: alice).text
        #expect(gone.contains(#"<option value="key:999" selected>key:999</option>"#))
    }
}
