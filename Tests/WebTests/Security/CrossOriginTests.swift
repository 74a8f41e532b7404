import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `A script of another origin` {
    static let listed = "https://app.example.org"
    let test: TestSite

    init() {
        var settings = TestSite.settings
        settings.allowedOrigins = [Self.listed, "https://b.example.org:8443"]
        test = TestSite(settings)
    }

    func preflight(_ path: String, from origin: String, for method: String = "GET") async -> Response {
        await test.ask(
            .options, path, headers: [("Origin", origin), ("Access-Control-Request-Method", method)])
    }

    func expectNone(_ answer: Response) {
        #expect(!answer.headers.contains { $0.name.description.hasPrefix("Access-Control") })
    }

    @Test func `can read the API if it is listed`() async throws {
        let cast = try await Cast()
        let token = try await test.signIn(cast.alice.user)
        let answer = await test.ask(.get, "/api/v1/auth/me", as: token, headers: [("Origin", Self.listed)])
        #expect(answer.status == 200)
        #expect(answer.header("Access-Control-Allow-Origin") == Self.listed)
        #expect(answer.header("Access-Control-Allow-Credentials") == "true")
        #expect(answer.header("Vary") == "Origin")
        #expect(
            answer.header("Access-Control-Expose-Headers")
                == "ETag, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id")
        let refused = await test.ask(.get, "/api/v1/auth/me", headers: [("Origin", Self.listed)])
        #expect(refused.status == 401)
        #expect(refused.header("Access-Control-Allow-Origin") == Self.listed)
    }

    @Test func `can send a preflight request if it is listed`() async {
        let answer = await preflight("/api/v1/auth/logout", from: Self.listed, for: "POST")
        #expect(answer.status == 204)
        #expect(answer.header("Access-Control-Allow-Origin") == Self.listed)
        #expect(answer.header("Access-Control-Allow-Methods") == "POST")
        #expect(
            answer.header("Access-Control-Allow-Headers")
                == "Authorization, Content-Type, Idempotency-Key, If-Match, X-CSRF-Token")
        #expect(answer.header("Access-Control-Max-Age") == "600")
        #expect(answer.header("Vary") == "Origin")
        #expect(await preflight("/api/v1/nothing", from: Self.listed).status == 404)
    }

    @Test(arguments: [
        "https://app.example.org.evil.test", "http://app.example.org", "https://app.example.org:443",
        "https://APP.example.org", "https://app.example.org/", "https://x.app.example.org", "null", "*", "",
        "https://app.example.org, https://b.example.org:8443", "https://b.example.org",
    ])
    func `gets no CORS header for any other origin`(origin: String) async {
        expectNone(await preflight("/api/v1/auth/me", from: origin))
        let answer = await test.ask(.get, "/api/v1/auth/me", headers: [("Origin", origin)])
        expectNone(answer)
        #expect(answer.header("Vary") == "Origin")
    }

    @Test func `gets no pages, and nothing if two origins are named`() async {
        expectNone(await test.ask(.get, "/login", headers: [("Origin", Self.listed)]))
        expectNone(await preflight("/login", from: Self.listed))
        let both = [("Origin", Self.listed), ("Origin", Self.listed)]
        expectNone(await test.ask(.get, "/api/v1/auth/me", headers: both))
        expectNone(await TestSite.shared.ask(.get, "/api/v1/auth/me", headers: [("Origin", Self.listed)]))
    }

    @Test func `changes nothing with cookies unless it is listed and has the page's token`() async throws {
        let cast = try await Cast()
        let token = try await test.signIn(cast.alice.user)
        let right = FormToken.make(for: token.session, keys: test.keys)
        func logOut(from origin: String, _ form: String) async -> Int {
            await test.ask(
                .post, "/api/v1/auth/logout",
                headers: [
                    ("Cookie", "dashboard_access=" + token.signed(with: test.keys)), ("Origin", origin),
                    ("Sec-Fetch-Site", "cross-site"), ("X-CSRF-Token", form),
                ]
            ).status
        }
        #expect(await logOut(from: "https://evil.test", right) == 403)
        #expect(await logOut(from: Self.listed, "") == 403)
        let others = FormToken.make(for: try await test.signIn(cast.alice.user).session, keys: test.keys)
        #expect(await logOut(from: Self.listed, others) == 403)
        #expect(await logOut(from: Self.listed, right) == 204)
    }

    @Test func `gets the form's token from the API only with cookies`() async throws {
        let token = try await test.signIn(try await Cast().alice.user)
        let me = "/api/v1/auth/me"
        let cookie = ("Cookie", "dashboard_access=" + token.signed(with: test.keys))
        let answer = await test.ask(.get, me, headers: [cookie, ("Origin", Self.listed)])
        let form = try #require(try JSONParser.parse(Array(answer.text.utf8))["csrfToken"]?.string)
        let headers = [cookie, ("Origin", Self.listed), ("X-CSRF-Token", form)]
        #expect(await test.ask(.post, "/api/v1/auth/logout", headers: headers).status == 204)
        let program = try await test.signIn(try await Cast().alice.user)
        #expect(await test.ask(.get, me, as: program).text.contains(#""csrfToken":null"#))
    }
}
