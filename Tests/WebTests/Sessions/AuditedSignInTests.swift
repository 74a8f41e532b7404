import Domain
import Persistence
import TestKit
import Testing

@testable import Web
@testable import Formats
@testable import HTTP

@Suite(.timeLimit(.minutes(1))) struct `The audit log of the installation` {
    let test = TestSite.shared

    /// Walks through a sign-in as a browser does, with the stand-in for Discord.
    private func signIn(
        _ person: String, userAgent: String = "tests", peer: IPAddress = .loopback
    ) async throws -> Response {
        let begun = await test.ask(.get, "/api/v1/auth/discord")
        let address = try #require(begun.header("Location"))
        let cookie = try #require(begun.header("Set-Cookie")?.split(separator: ";").first)
        let query = try #require(address.split(separator: "?").last)
        let chosen = await test.ask(.get, "/demo/discord/choose", query: "\(query)&person=\(person)")
        let callback = try #require(chosen.header("Location")?.split(separator: "?").last)
        return await test.ask(
            .get, "/api/v1/auth/discord/callback", query: String(callback),
            headers: [("Cookie", String(cookie)), ("User-Agent", userAgent)], peer: peer)
    }

    @Test func `has every sign-in, without a secret`() async throws {
        let answer = try await signIn("100000000000000001")
        #expect(answer.status == 303)
        let cookie = try #require(
            answer.headers.lazy.compactMap { header -> String? in
                guard case .text(let text) = header.value, text.hasPrefix("dashboard_refresh=") else { return nil }
                return String(text.dropFirst(18).prefix(80))
            }.first)
        let token = try #require(RefreshToken(cookie, keys: test.keys))
        let entries = try await AuditTrail.installation(about: "session", "\(token.session)")
        let ada = UserID(number: 100_000_000_000_000_001)
        #expect(entries == [.init("sign_in.accepted", by: ada, on: "\(token.session)", source: "page")])
    }

    @Test func `has refused sign-ins, without the person`() async throws {
        let refusals = { @Sendable () async throws -> [AuditTrail.Entry] in
            try await AuditTrail.installation(from: "203.0.113.45").filter { $0.action == "sign_in.refused" }
        }
        let before = try await refusals().count
        // Other tests are refused too, from other addresses.
        let peer = try #require(IPAddress("203.0.113.45"))
        #expect(try await signIn("100000000000000004", peer: peer).status == 403)
        let entries = try await refusals().dropFirst(before)
        #expect(entries.count == 1)
        #expect(entries.first?.changes == #"{"reason": "unverified_email"}"#)
        #expect(entries.first?.actor == nil)
        let isKnown = try await ask { try await Users.find(UserID(number: 100_000_000_000_000_004), $0) != nil }
        #expect(!isKnown)
    }

    @Test(arguments: SignInRefusals.Reason.allCases)
    func `takes every reason of a refusal`(reason: SignInRefusals.Reason) async throws {
        let address = "198.51.100.\(Cast.number() % 200 + 1)"
        try await ask { try await SignInRefusals.note(reason, from: AuditOrigin(.api, address: address), $0) }
        let entry = try #require(try await AuditTrail.installation(from: address).last)
        #expect(entry.action == "sign_in.refused" && entry.source == "api")
        #expect(entry.changes == #"{"reason": "\#(reason.rawValue)"}"#)
    }

    @Test func `has ended sessions, with actor and reason`() async throws {
        let alice = try await Cast().alice.user
        let (here, there) = (try await test.enter(alice), try await test.enter(alice))
        #expect(await test.submit("/account/sessions/\(there.access.session)/end", as: here).status == 303)
        #expect(await test.ask(.post, "/api/v1/auth/logout-all", as: here.access).status == 204)
        let ended = try #require(try await AuditTrail.installation(about: "session", "\(there.access.session)").last)
        #expect(
            ended
                == .init(
                    "session.ended", by: alice, on: "\(there.access.session)",
                    changes: #"{"reason": "revoked_by_user"}"#, source: "page"))
        let everywhere = try #require(try await AuditTrail.installation(about: "user", "\(alice)").last)
        #expect(everywhere.action == "session.ended_everywhere" && everywhere.actor == alice)
        #expect(everywhere.changes == #"{"sessions": 1}"# && everywhere.source == "api")
    }
}
