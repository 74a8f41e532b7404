import Domain
import Testing
import TestKit

@testable import Web
@testable import Formats
@testable import HTTP

/// Every route of the table with each kind of caller: a new route is tested without a change here.
@Suite struct `Access to every endpoint` {
    let test = TestSite.shared

    static let guilds = Endpoints.all(isDemo: true).filter { if case .guild = $0.access { true } else { false } }
    static let personal = Endpoints.all(isDemo: true).filter { $0.access != .anyone }

    @Test func `covers the tables of guilds and persons`() {
        #expect(Self.guilds.count >= 15)
        #expect(Self.personal.count > Self.guilds.count)
    }

    @Test(arguments: personal.indices)
    func `asks for a sign-in without a session`(index: Int) async throws {
        let endpoint = Self.personal[index]
        let answer = await test.ask(endpoint.method, endpoint.path(in: GuildID(number: 1)))
        let isRead = endpoint.kind == .page && endpoint.method == .get
        #expect(answer.status == (isRead ? 303 : 401), "\(endpoint.method) \(endpoint.template)")
        if isRead {
            #expect(answer.header("Location")?.hasPrefix("/login") == true, "\(endpoint.template)")
        }
    }

    @Test func `is refused for objects of another person`() async throws {
        let cast = try await Cast()
        let (alice, bob) = (try await test.signIn(cast.alice.user), try await test.signIn(cast.bob.user))
        for endpoint in Self.personal where endpoint.access == .signedIn && !endpoint.pathParameters.isEmpty {
            #expect(endpoint.pathParameters == ["sessionId"], "\(endpoint.name): what is its id?")
            let theirs = endpoint.path(in: cast.alice.guild, ["sessionId": "\(alice.session)"])
            let form = endpoint.kind == .page ? ("application/x-www-form-urlencoded", "") : nil
            let answer = await test.ask(endpoint.method, theirs, as: bob, body: form)
            #expect(answer.status == 404, "\(endpoint.name)")
            #expect(await test.ask(.get, "/api/v1/auth/me", as: alice).status == 200, "\(endpoint.name)")
        }
    }

    /// The status for a caller with access: nothing is sent along, and the other path parameters name nothing.
    private static func status(of endpoint: Endpoint) -> Int {
        // Buttons have no fields.
        let buttons = ["/end", "/rotate", "/pause", "/resume"]
        if endpoint.kind == .page, buttons.contains(where: endpoint.template.hasSuffix) { return 404 }
        if case .redirect = endpoint.answer, endpoint.method == .get { return 303 }
        if endpoint.method == .get || endpoint.method == .delete {
            return endpoint.pathParameters.count > 1 ? 404 : 200
        }
        return 415
    }

    @Test(arguments: guilds.indices)
    func `depends on the level`(index: Int) async throws {
        let cast = try await Cast()
        let endpoint = Self.guilds[index]
        let path = endpoint.path(in: cast.alice.guild)
        let bob = await test.ask(endpoint.method, path, as: try await test.signIn(cast.bob.user))
        let alice = await test.ask(endpoint.method, path, as: try await test.signIn(cast.alice.user))
        #expect(alice.status == Self.status(of: endpoint), "\(endpoint.name)")
        if case .guild(let rule) = endpoint.access, rule.level == .admin {
            #expect(bob.status == 403, "\(endpoint.template)")
        } else {
            #expect(bob.status == alice.status, "\(endpoint.template)")
        }
    }

    @Test(arguments: guilds.indices)
    func `is limited to the guilds that the token lists`(index: Int) async throws {
        let cast = try await Cast()
        let endpoint = Self.guilds[index]
        let full = try await test.signIn(cast.alice.user)
        let bare = AccessToken(
            user: full.user, session: full.session, username: "alice", guilds: [], issuedAt: full.issuedAt)
        let answer = await test.ask(endpoint.method, endpoint.path(in: cast.alice.guild), as: bare)
        #expect(answer.status == 404, "\(endpoint.template)")
    }

    @Test(arguments: Endpoints.all(isDemo: true).indices)
    func `sets the headers of every response`(index: Int) async throws {
        let endpoint = Endpoints.all(isDemo: true)[index]
        let answer = await test.ask(endpoint.method, endpoint.path(in: GuildID(number: 1)))
        for name in [
            "X-Request-Id", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control",
        ] {
            #expect(answer.headers.count { $0.name.description == name } == 1, "\(endpoint.template) and \(name)")
        }
        #expect(answer.status < 500, "\(endpoint.template) gave \(answer.status)")
    }
}

extension Response {
    func header(_ name: String) -> String? {
        guard let value = headers.first(where: { $0.name.description == name })?.value else { return nil }
        switch value {
        case .fixed(let text): return text.description
        case .text(let text): return text
        }
    }
}
