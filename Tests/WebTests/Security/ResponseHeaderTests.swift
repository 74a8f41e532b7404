import Domain
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite struct `The headers of a response` {
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://cdn.discordapp.com; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """
    private static let permissions = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    private static let common = [
        "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    ]

    private func expect(_ expected: [String: String?], in answer: Response, _ path: String) {
        for (name, value) in expected.merging(Self.common, uniquingKeysWith: { $1 }) {
            #expect(answer.header(name) == value, "\(name) of \(path)")
            #expect(
                answer.headers.count { $0.name.description == name } == (value == nil ? 0 : 1), "\(name) of \(path)")
        }
    }

    @Test(arguments: ["/login", "/status", "/nothing", "/api/v1/nothing"])
    func `isolate a page from other sites, scripts and devices`(path: String) async {
        let answer = await TestSite.shared.ask(.get, path)
        expect(
            [
                "Content-Security-Policy": Self.policy, "Permissions-Policy": Self.permissions,
                "Strict-Transport-Security": nil, "Cache-Control": "no-store",
            ], in: answer, path)
    }

    @Test(arguments: ["/api/v1/status", "/api/v1/auth/me", "/healthz"])
    func `allow an API response to load nothing`(path: String) async {
        let answer = await TestSite.shared.ask(.get, path)
        expect(
            [
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Permissions-Policy": nil,
                "Strict-Transport-Security": nil, "Cache-Control": "no-store",
            ], in: answer, path)
    }

    @Test(arguments: ["/login", "/api/v1/status"])
    func `send HSTS for a year if the service has https`(path: String) async {
        var settings = TestSite.settings
        settings.origin = "https://dashboard.test"
        let answer = await TestSite(settings).ask(.get, path)
        expect(["Strict-Transport-Security": "max-age=31536000"], in: answer, path)
    }

    @Test func `prevent buffering of a stream by proxies`() async throws {
        let cast = try await Cast()
        let bob = try await TestSite.shared.signIn(cast.bob.user)
        let path = "/api/v1/guilds/\(cast.alice.guild)/status/stream"
        let answer = await TestSite.shared.ask(.get, path, as: bob, isHead: true)
        expect(
            ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no", "Cache-Control": "no-store"], in: answer,
            path)
    }
}
