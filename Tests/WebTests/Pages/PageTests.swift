import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `Pages` {
    let test = TestSite.shared

    @Test(arguments: NavigationItem.allCases)
    func `are there for each entry of the navigation`(item: NavigationItem) async throws {
        let cast = try await Cast()
        let page = await test.ask(
            .get, item.link(in: cast.alice.guild).text, as: try await test.signIn(cast.alice.user))
        #expect(page.status == 200)
        #expect(page.text.components(of: "<h1>") == 1)
        #expect(page.text.contains(#"data-key="\#(item.key)" aria-current="page""#))
    }

    @Test(arguments: ["/tracking/brands?limit=100", "/usage?from=2025-01-01&to=2025-12-31"])
    func `stay below a hundred kilobytes with much to show`(page: String) async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        for number in 1...40 {
            let brand = try await seed.brand("Brand \(number)")
            for group in 1...6 { _ = try await seed.group("Group \(group)", of: brand) }
        }
        let parts = page.split(separator: "?").map(String.init)
        let answer = await test.ask(
            .get, "/guilds/\(cast.alice.guild)\(parts[0])", query: parts[1], as: try await test.signIn(cast.alice.user))
        #expect(answer.status == 200 && answer.text.utf8.count < 100_000)
    }

    @Test func `ignore unknown parameters in an address`() async throws {
        let cast = try await Cast()
        let page = await test.ask(
            .get, "/guilds/\(cast.alice.guild)/tracking/posts", query: "utm_source=mail&sort=views",
            as: try await test.signIn(cast.alice.user))
        #expect(page.status == 200)
    }

    @Test func `distinguish an empty list from one without matches`() async throws {
        let cast = try await Cast()
        let alice = try await test.signIn(cast.alice.user)
        let path = "/guilds/\(cast.alice.guild)/tracking/accounts"
        #expect(await test.ask(.get, path, as: alice).text.contains("No accounts yet"))
        #expect(await test.ask(.get, path, query: "q=nobody&brand=", as: alice).text.contains("No matching accounts"))
    }

    @Test func `continue after the previous page, with the same filters`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let group = try await seed.group("Group")
        for number in 1...3 { _ = try await seed.account("name\(number)", in: group) }
        let alice = try await test.signIn(cast.alice.user)
        let path = "/guilds/\(cast.alice.guild)/tracking/accounts"
        let first = await test.ask(.get, path, query: "limit=2&q=name", as: alice).text
        #expect(first.contains("Showing 1–2 of 3 accounts, by handle"))
        let link = try #require(first.firstMatch(of: /tracking\/accounts\?([^"]*cursor=[^"]*)"/)?.1)
        let query = String(link).replacing("&amp;", with: "&")
        #expect(query.contains("q=name") && query.contains("limit=2"))
        let second = await test.ask(.get, path, query: query, as: alice).text
        #expect(second.contains("@name3") && !second.contains("@name1") && !second.contains(#"rel="next""#))
    }

    @Test func `cut a long caption between characters`() async throws {
        let cast = try await Cast()
        let seed = Seed(cast.alice)
        let account = try await seed.account("handle", in: try await seed.group("Group"))
        _ = try await seed.post(String(repeating: "é", count: 139) + "€ and more", by: account)
        let page = await test.ask(
            .get, "/guilds/\(cast.alice.guild)/tracking/posts", as: try await test.signIn(cast.alice.user))
        #expect(page.text.contains("é…</span>"))
        #expect(!page.text.contains("\u{FFFD}"))
    }

    @Test(arguments: ["/login", "/terms", "/privacy", "/docs", "/status", "/nothing"])
    func `are open to everyone if they are public`(path: String) async {
        let page = await test.ask(.get, path)
        #expect(page.status == (path == "/nothing" ? 404 : 200))
        #expect(page.text.hasPrefix("<!DOCTYPE html>") && page.text.hasSuffix("</html>\n"))
        #expect(page.text.components(of: "<h1>") == 1)
        #expect(page.text.contains("test") || path != "/nothing", "the request's id")
    }

    @Test func `keep the theme, and return to this site only`() async {
        for (target, location) in [("/status", "/status"), ("//evil.example", "/")] {
            let form = "theme=dark&returnTo=\(PercentCoding.encode(target))"
            let answer = await test.send(form, to: "/preferences/theme")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == location)
            #expect(answer.header("Set-Cookie") == "theme=dark; Path=/; Max-Age=31536000; SameSite=Lax")
        }
        #expect(await test.send("theme=pink", to: "/preferences/theme").status == 422)
    }

    @Test func `carry the token of the session in every form that changes something`() async throws {
        let cast = try await Cast()
        let cookie = "dashboard_access=\(try await test.signIn(cast.alice.user).signed(with: test.keys))"
        let page = await test.ask(.get, "/guilds/\(cast.alice.guild)", headers: [("Cookie", cookie)]).text
        #expect(page.components(of: #"method="post""#) == 2)
        let token = try #require(page.firstMatch(of: /name="_csrf" value="([^"]+)"/)?.1)
        #expect(page.components(of: #"name="_csrf" value="\#(token)""#) == 2)
        #expect(await test.send("", to: "/logout", cookie: cookie).status == 403)
        let answer = await test.send("_csrf=\(token)", to: "/logout", cookie: cookie)
        #expect(answer.status == 303 && answer.header("Location") == "/login?reason=left")
        #expect(await test.ask(.get, "/", headers: [("Cookie", cookie)]).status == 303)
    }

    @Test func `of sign-in return to the requested page`() async {
        let page = await test.ask(.get, "/login", query: "returnTo=%2Fguilds%2F1&reason=ended").text
        #expect(page.contains(#"href="/api/v1/auth/discord?returnTo=%2Fguilds%2F1""#))
        #expect(page.contains("You have been signed out."))
        let outside = await test.ask(.get, "/login", query: "returnTo=%2F%2Fevil.example").text
        #expect(!outside.contains("evil"))
    }
}

extension TestSite {
    /// Sends a form as a browser would.
    func send(_ form: String, to path: String, cookie: String? = nil) async -> Response {
        let type = ("Content-Type", "application/x-www-form-urlencoded")
        let headers = [type] + (cookie.map { [("Cookie", $0)] } ?? [])
        var request = Request(.post, path: path, headers: HeaderFields(headers), id: "test")
        request.body = Array(form.utf8)
        let (site, sent) = (site, request)
        return await Task(executorPreference: site.loop) { await site.respond(to: sent) }.value
    }
}
