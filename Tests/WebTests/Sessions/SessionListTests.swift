import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The list of sessions` {
    let test = TestSite.shared
    static let list = "/api/v1/auth/sessions"
    static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

    private func items(_ token: AccessToken) async throws -> [JSONValue] {
        let answer = await test.ask(.get, Self.list, as: token)
        #expect(answer.status == 200)
        return try #require(try JSONParser.parse(Array(answer.text.utf8))["items"]?.array)
    }

    @Test func `has each live one, with its device and a masked address`() async throws {
        let alice = try await Cast().alice.user
        let old = try await test.enter(alice, userAgent: Self.firefox, address: "203.0.113.77").access
        let new = try await test.enter(alice, userAgent: "curl/8.5.0", address: "2001:db8:85a3:8d3:1319::7344").access
        let list = try await items(new)
        #expect(list.map { $0["id"]?.string } == [new.session.description, old.session.description])
        #expect(list.map { $0["device"]?.string } == ["curl/8.5.0", "Firefox on Linux"])
        #expect(list.map { $0["ipAddress"]?.string } == ["2001:db8:85a3:8d3:••••", "203.0.113.•••"])
        #expect(list.map { $0["isCurrent"]?.bool } == [true, false])
    }

    @Test func `begins with the current one`() async throws {
        let alice = try await Cast().alice.user
        let current = try await test.signIn(alice)
        let newer = try await test.signIn(alice)
        let ids = try await items(current).map { $0["id"]?.string }
        #expect(ids == [current.session.description, newer.session.description])
    }

    @Test(arguments: ["/status", "/docs", "/terms", "/privacy", "/guilds/1", "/nowhere"])
    func `can be ended from public pages and errors too`(path: String) async throws {
        let alice = try await test.signIn(try await Cast().alice.user)
        let page = await test.ask(.get, path, as: alice)
        #expect(page.text.contains(#"action="/logout""#) && page.text.contains("Sign out"), "\(page.status)")
        let publicPage = await test.ask(.get, path)
        #expect(!publicPage.text.contains(#"action="/logout""#))
    }

    @Test func `has start, last activity and expiry of each`() async throws {
        let token = try await test.signIn(try await Cast().alice.user)
        _ = try await WaitingConnection(role: .owner).rows(
            """
            UPDATE dashboard_sessions SET created_at = '2026-01-02 03:04:05Z', last_active_at = '2026-02-03 04:05:06Z',
                   expires_at = '2099-03-04 05:06:07Z', absolute_expires_at = '2099-03-04 05:06:07Z'
             WHERE id = \(token.session)
            """)
        let entry = try #require(try await items(token).first)
        #expect(entry["createdAt"]?.string == "2026-01-02T03:04:05Z")
        #expect(entry["lastActiveAt"]?.string == "2026-02-03T04:05:06Z")
        #expect(entry["expiresAt"]?.string == "2099-03-04T05:06:07Z")
    }

    @Test func `has no sessions of other people`() async throws {
        let cast = try await Cast()
        _ = try await test.signIn(cast.bob.user)
        let alice = try await test.signIn(cast.alice.user)
        #expect(try await items(alice).count == 1)
    }

    @Test func `shows any user agent as text on the page`() async throws {
        let alice = try await Cast().alice.user
        _ = try await test.enter(alice, userAgent: "<script>alert(1)</script>")
        let page = await test.ask(.get, "/account/sessions", as: try await test.signIn(alice))
        #expect(page.status == 200)
        #expect(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(!page.text.contains("<script>alert"))
        #expect(page.text.contains(">Current<"))
    }

    @Test func `is linked from the page of the account`() async throws {
        let alice = try await test.signIn(try await Cast().alice.user)
        let page = await test.ask(.get, "/account", as: alice)
        #expect(page.status == 200)
        #expect(page.text.contains(#"href="/account/sessions""#))
        #expect(page.text.contains(alice.user.description))
    }
}

@Suite struct `Ending a session` {
    let test = TestSite.shared
    static let list = "/api/v1/auth/sessions"

    private func works(_ token: AccessToken) async -> Bool {
        await test.ask(.get, "/api/v1/auth/me", as: token).status == 200
    }

    @Test func `takes effect with the next request, and on that session only`() async throws {
        let alice = try await Cast().alice.user
        let (here, there) = (try await test.signIn(alice), try await test.signIn(alice))
        #expect(await test.ask(.delete, "\(Self.list)/\(there.session)", as: here).status == 204)
        #expect(await works(there) == false)
        #expect(await works(here))
        #expect(await test.ask(.delete, "\(Self.list)/\(there.session)", as: here).status == 404)
    }

    @Test func `of another person is refused as unknown and changes nothing`() async throws {
        let cast = try await Cast()
        let (alice, bob) = (try await test.signIn(cast.alice.user), try await test.enter(cast.bob.user))
        #expect(await test.ask(.delete, "\(Self.list)/\(alice.session)", as: bob.access).status == 404)
        #expect(await test.submit("/account/sessions/\(alice.session)/end", as: bob).status == 404)
        #expect(await works(alice))
    }

    @Test func `of the current request deletes its cookies`() async throws {
        let alice = try await test.signIn(try await Cast().alice.user)
        let answer = await test.ask(.delete, "\(Self.list)/\(alice.session)", as: alice)
        #expect(answer.status == 204)
        #expect(answer.headers.count { $0.name.description == "Set-Cookie" } == 2)
        #expect(answer.header("Clear-Site-Data") != nil)
        #expect(await works(alice) == false)
    }

    @Test func `works by the page's form, and only with its token`() async throws {
        let alice = try await Cast().alice.user
        let (here, there) = (try await test.enter(alice), try await test.signIn(alice))
        let path = "/account/sessions/\(there.session)/end"
        let forged = await test.ask(.post, path, headers: [("Cookie", test.cookie(here))])
        #expect(forged.status == 403)
        #expect(await works(there))
        let answer = await test.submit(path, as: here)
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/account/sessions?done=ended")
        #expect(await works(there) == false)
    }

    @Test func `everywhere ends all sessions of the person and no others`() async throws {
        let cast = try await Cast()
        let (one, two) = (try await test.enter(cast.alice.user), try await test.signIn(cast.alice.user))
        let bob = try await test.signIn(cast.bob.user)
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: two).status == 204)
        #expect(await works(one.access) == false)
        #expect(await works(two) == false)
        #expect(await works(bob))
        let three = try await test.enter(cast.alice.user)
        let answer = await test.submit("/account/sessions/end-all", as: three)
        #expect(answer.header("Location") == "/login?reason=everywhere")
        #expect(await works(three.access) == false)
    }
}
