import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `Pages that change things` {
    let test = TestSite.shared

    private func page(_ path: String, as tokens: TokenPair, query: String = "") async -> Response {
        await test.ask(.get, path, query: query, headers: [("Cookie", test.cookie(tokens))])
    }

    @Test func `lead from an empty server to a tracked account`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let guild = "/guilds/\(cast.alice.guild)"
        let empty = await page("\(guild)/tracking/brands", as: alice).text
        #expect(empty.contains("No brands yet") && empty.contains(#"href="\#(guild)/brands/new""#))
        #expect(await page("\(guild)/accounts/new", as: alice).text.contains("Create a brand first"))
        let brand = await test.submit("\(guild)/brands/new", [("name", "Acme")], as: alice)
        #expect(brand.status == 303 && brand.header("Location") == "\(guild)/tracking/brands?done=brand-added")
        let brands = await page("\(guild)/tracking/brands", as: alice, query: "done=brand-added").text
        #expect(brands.contains("Brand added.") && brands.contains("Create the first group"))
        #expect(await page("\(guild)/accounts/new", as: alice).text.contains("Create a group first"))
        let id = try #require(brands.firstMatch(of: /brands\/([0-9]+)\/edit/)?.1)
        let form = await page("\(guild)/groups/new", as: alice, query: "brand=\(id)").text
        #expect(form.contains(#"<option value="\#(id)" selected>Acme"#))
        let group = await test.submit("\(guild)/groups/new", [("name", "Spain"), ("brandId", String(id))], as: alice)
        #expect(group.header("Location") == "\(guild)/tracking/brands?done=group-added")
        let choices = await page("\(guild)/accounts/new", as: alice).text
        let groupID = try #require(choices.firstMatch(of: /<option value="([0-9]+)">Acme: Spain/)?.1)
        let account = await test.submit(
            "\(guild)/accounts/new",
            [
                ("platform", "x"), ("handle", "@ana"), ("groupId", String(groupID)), ("displayName", ""), ("url", ""),
                ("status", "active"), ("notes", "one\r\ntwo"),
            ], as: alice)
        let there = try #require(account.header("Location"))
        #expect(account.status == 303 && there.hasSuffix("?done=account-added"))
        let added = await page(String(there.split(separator: "?")[0]), as: alice, query: "done=account-added").text
        #expect(added.contains("Account added.") && added.contains("@ana"))
        let actions = try await AuditTrail.entries(of: cast.alice.client).suffix(3)
        #expect(actions.map(\.action) == ["brand.created", "group.created", "account.created"])
        #expect(actions.allSatisfy { $0.source == "page" && $0.actor == cast.alice.user })
    }

    @Test func `keep the input and show the error beside it`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let guild = "/guilds/\(cast.alice.guild)"
        let group = try await Seed(cast.alice).group("Spain")
        let wrong = await test.submit(
            "\(guild)/accounts/new",
            [
                ("platform", "x"), ("handle", "a<b>"), ("groupId", "\(group)"), ("displayName", "\"Ana\""),
                ("url", "javascript:alert(1)"), ("status", "active"), ("notes", "</textarea>\n<b>"),
            ], as: alice)
        #expect(wrong.status == 422)
        for text in [
            #"name="handle" autocomplete="off" aria-invalid="true" aria-describedby="h-handle e-handle""#,
            #"value="a&lt;b&gt;""#, #"id="e-handle">Handle can only contain letters"#,
            #"href="\#(guild)/accounts/new#f-handle""#,
            #"id="e-url">Profile URL must begin with"#, #"value="&quot;Ana&quot;""#, "&lt;/textarea&gt;\n&lt;b&gt;",
            #"<option value="x" selected>"#, #"role="alert" tabindex="-1" autofocus"#,
        ] { #expect(wrong.text.contains(text), "\(text)") }
        #expect(!wrong.text.contains(#"id="e-notes""#))
        _ = await test.submit("\(guild)/brands/new", [("name", "Acme")], as: alice)
        let twice = await test.submit("\(guild)/brands/new", [("name", "ACME")], as: alice)
        #expect(twice.status == 409)
        #expect(twice.text.contains(#"id="e-name">Name is taken by another brand."#))
        #expect(twice.text.contains(#"value="ACME""#))
        #expect(await test.submit("\(guild)/groups/new", [], as: alice).status == 422)
    }

    @Test func `show the second admin the saved version, and lose no input`() async throws {
        let cast = try await Cast()
        let (alice, other) = (try await test.enter(cast.alice.user), try await test.enter(cast.alice.user))
        let guild = "/guilds/\(cast.alice.guild)"
        let manager = try await Manager(cast.alice)
        let brand = try await manager.brand("Acme")
        let edit = "\(guild)/brands/\(brand)/edit"
        for (name, text) in [("version", "1"), ("name", "Acme")] {
            #expect(await page(edit, as: alice).text.contains(#"name="\#(name)""#), "\(text)")
        }
        let first = await test.submit(edit, [("name", "Theirs"), ("version", "1")], as: other)
        #expect(first.status == 303)
        let second = await test.submit(edit, [("name", "Mine"), ("version", "1")], as: alice)
        #expect(second.status == 412)
        #expect(second.text.contains("Someone else changed this") && second.text.contains("Currently saved"))
        #expect(second.text.contains("<bdi>Theirs</bdi>") && second.text.contains("Both versions"))
        #expect(second.text.contains(#"value="Mine""#) && second.text.contains(#"name="version" value="2""#))
        let gone = await test.submit("\(guild)/brands/\(brand)/delete", [("version", "1")], as: alice)
        #expect(gone.status == 412 && gone.text.contains(#"name="version" value="2""#))
        #expect(await test.submit(edit, [("name", "Mine"), ("version", "2")], as: alice).status == 303)
        let names = try await manager.entries().map(\.changes)
        #expect(names.last == #"{"name": {"to": "Mine", "from": "Theirs"}}"#)
        #expect(try await manager.entries().count == 3)
    }

    @Test func `change and move, and leave other fields unchanged`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let guild = "/guilds/\(cast.alice.guild)"
        let seed = Seed(cast.alice)
        let (spain, france) = (try await seed.group("Spain"), try await seed.group("France"))
        // As the bot may have reported it: a handle that the platform no longer allows, and a status of its own.
        let id = try await seed.account("old-name!", in: spain, on: .x, status: .private)
        let form = await page("\(guild)/accounts/\(id)/edit", as: alice).text
        #expect(form.contains("Private (set by the bot)") && form.contains(#"<option value="\#(spain)" selected>"#))
        let fields = [
            ("handle", "old-name!"), ("groupId", "\(france)"), ("displayName", "Ana"), ("url", ""), ("status", ""),
            ("notes", ""),
        ]
        let saved = await test.submit("\(guild)/accounts/\(id)/edit", fields, as: alice)
        #expect(saved.header("Location") == "\(guild)/accounts/\(id)?done=account-saved")
        let entry = try #require(try await AuditTrail.entries(of: cast.alice.client).last)
        #expect(try entry.fields == ["displayName", "groupId"])
        // Once more: nothing changes, and nothing is logged.
        #expect(await test.submit("\(guild)/accounts/\(id)/edit", fields, as: alice).status == 303)
        #expect(try await AuditTrail.entries(of: cast.alice.client).last == entry)
        let group = [("name", "Spain 2"), ("brandId", "9000000000000000000")]
        let moved = await test.submit("\(guild)/groups/\(spain)/edit", group, as: alice)
        #expect(moved.status == 422 && moved.text.contains("Brand is not a brand of this server."))
    }

    @Test func `ask before they delete, and require the name if content would be lost`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("A  <b>cme")
        let path = "/guilds/\(cast.alice.guild)/brands/\(brand)/delete"
        let question = await page(path, as: alice)
        #expect(question.status == 200 && question.text.contains("A  &lt;b&gt;cme"))
        #expect(!question.text.contains(#"name="confirm""#))
        // A row is added while the page is open.
        _ = try await seed.account("ana", in: try await seed.group("Spain", of: brand))
        let refused = await test.submit(path, as: alice)
        #expect(refused.status == 409)
        #expect(refused.text.contains("Meanwhile there is something in it: 1 group and 1 account."))
        #expect(refused.text.contains(#"name="confirm""#))
        for typed in ["", "a  <b>cme", "A <b>cme", "A  <b>cmee"] {
            let answer = await test.submit(path, [("confirm", typed)], as: alice)
            #expect(answer.status == 422 && answer.text.contains("Name is not the name of what is to be deleted."))
        }
        let done = await test.submit(path, [("confirm", " A  <b>cme ")], as: alice)
        #expect(done.header("Location") == "/guilds/\(cast.alice.guild)/tracking/brands?done=brand-deleted")
        #expect(await test.submit(path, [("confirm", "A  <b>cme")], as: alice).status == 404)
        #expect(await page(path, as: alice).status == 404)
    }

    @Test func `preselect the entry that a link chose, even among hundreds`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let access = cast.alice
        _ = try await ask { database in
            try await database.rows(
                [
                    """
                    INSERT INTO brands (client_id, name)
                    SELECT \(access.client), 'brand ' || n FROM generate_series(100, 650) n
                    """,
                    """
                    INSERT INTO account_groups (client_id, brand_id, name)
                    SELECT client_id, id, 'group' FROM brands WHERE client_id = \(access.client)
                    """,
                ], in: access)
        }
        let last = try await Seed(access).group("zz")
        let guild = "/guilds/\(access.guild)"
        let account = await page("\(guild)/accounts/new", as: alice, query: "group=\(last)").text
        #expect(account.contains(#"<option value="\#(last)" selected>zz: zz"#))
        let brands = await page("\(guild)/tracking/brands", as: alice, query: "limit=1").text
        #expect(brands.contains("552"))
        let other = try await Seed(try await Cast().alice).group("theirs")
        let strange = await page("\(guild)/accounts/new", as: alice, query: "group=\(other)")
        #expect(strange.status == 200 && !strange.text.contains("theirs"))
    }

    @Test func `accept an accented name in composed and decomposed form`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let group = try await Seed(cast.alice).group("Cafe\u{301}")
        _ = try await Seed(cast.alice).account("ana", in: group)
        let path = "/guilds/\(cast.alice.guild)/groups/\(group)/delete"
        #expect(await test.submit(path, [("confirm", "Caf\u{E9}")], as: alice).status == 303)
    }

    @Test(arguments: ["ana", "@ana", " @ana "])
    func `take a handle with its sign`(typed: String) async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let account = try await Seed(cast.alice).account("ana", in: try await Seed(cast.alice).group("Spain"))
        _ = try await Seed(cast.alice).post("post", by: account)
        let path = "/guilds/\(cast.alice.guild)/accounts/\(account)/delete"
        #expect(await test.submit(path, [("confirm", "@@ana")], as: alice).status == 422)
        let done = await test.submit(path, [("confirm", typed)], as: alice)
        #expect(done.header("Location") == "/guilds/\(cast.alice.guild)/tracking/accounts?done=account-deleted")
    }

    @Test func `are refused for viewers, who see no buttons`() async throws {
        let cast = try await Cast()
        let bob = try await test.enter(cast.bob.user)
        let seed = Seed(cast.alice)
        let brand = try await seed.brand("Acme")
        let group = try await seed.group("Spain", of: brand)
        let account = try await seed.account("ana", in: group)
        let guild = "/guilds/\(cast.alice.guild)"
        for path in ["tracking/brands", "tracking/accounts", "accounts/\(account)"] {
            let shown = await page("\(guild)/\(path)", as: bob)
            #expect(shown.status == 200)
            #expect(!shown.text.contains("/new") && !shown.text.contains("/edit") && !shown.text.contains("/delete"))
        }
        for path in ["brands/\(brand)/edit", "groups/\(group)/delete", "accounts/\(account)/edit", "brands/new"] {
            #expect(await page("\(guild)/\(path)", as: bob).status == 403, "\(path)")
            #expect(await test.submit("\(guild)/\(path)", [("name", "X")], as: bob).status == 403, "\(path)")
        }
    }

    @Test func `continue after the last row, without the notice of the last action`() async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let seed = Seed(cast.alice)
        for name in ["a", "b", "c"] { _ = try await seed.brand(name) }
        let path = "/guilds/\(cast.alice.guild)/tracking/brands"
        let first = await page(path, as: alice, query: "limit=2&done=brand-saved").text
        let next = try #require(first.firstMatch(of: /brands\?([^"]*cursor=[^"]*)"/)?.1).replacing("&amp;", with: "&")
        #expect(!next.contains("done="))
        #expect(await page(path, as: alice, query: String(next)).status == 200)
        #expect(await page(path, as: alice, query: "done=<b>").status == 400)
    }

    @Test(arguments: HostileTextSamples.texts)
    func `show every name as text`(text: String) async throws {
        let cast = try await Cast()
        let alice = try await test.enter(cast.alice.user)
        let seed = Seed(cast.alice)
        let brand = try await seed.brand(text)
        let group = try await seed.group(text, of: brand)
        let account = try await seed.account("ana", in: group, displayName: text)
        let guild = "/guilds/\(cast.alice.guild)"
        for path in [
            "brands/\(brand)/edit", "brands/\(brand)/delete", "groups/\(group)/edit", "groups/\(group)/delete",
            "accounts/new", "accounts/\(account)/edit", "accounts/\(account)/delete", "groups/new", "tracking/brands",
        ] {
            let shown = await page("\(guild)/\(path)", as: alice)
            #expect(shown.status == 200)
            let bytes = Array(shown.text.utf8)
            #expect(!bytes.contains(Array("<script>".utf8)) && !bytes.contains(Array("\"\u{301}".utf8)), "\(path)")
        }
        let typed = await test.submit("\(guild)/brands/\(brand)/delete", [("confirm", text)], as: alice)
        #expect(typed.status == 303)
    }
}
