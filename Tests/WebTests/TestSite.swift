import Domain
import EventLoop
import Persistence
import TestKit

@testable import Web

/// The whole site on the tests' loop and database, asked without a socket.
struct TestSite: Sendable {
    static let shared = TestSite()

    let site: Site
    let keys = Keys(current: Array(repeating: 1, count: 64))
    let vault = TokenVault(current: Array(repeating: 2, count: 64))

    static let settings: SiteSettings = {
        var settings = SiteSettings(origin: "http://dashboard.test", isDemo: true, requestsPerMinute: 1_000_000)
        settings.signInsPer15Minutes = 1_000_000
        settings.application = DiscordStandIn.application
        return settings
    }()

    /// A site like the shared one, but for what a test wants of it.
    init(
        _ settings: SiteSettings = Self.settings, discord base: String = "http://127.0.0.1:9",
        steadyNow: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        let test = TestDatabase.shared
        let live = LiveStatus(hubs: [StatusHub(on: test.loop, database: test.database)])
        let discord = DiscordClient(
            client: HTTPSClient(allowsHTTP: true), authorizeAddress: "/", base: base, site: "test", milliseconds: 2_000)
        let world = World(
            settings: settings, keys: keys, vault: vault, discord: discord, live: live,
            log: Log(level: .error, format: .text),
            now: { .now }, steadyNow: steadyNow)
        site = Site(
            world: world, database: test.database, loop: test.loop, endpoints: Endpoints.all(isDemo: true))
    }

    /// A session of the person in the database, and the token that proves it.
    func signIn(_ user: UserID) async throws -> AccessToken {
        let keys = keys
        return try await TestDatabase.shared.ask { database in
            let session = try await database.transaction(for: nil) { transaction in
                let id = try await Sessions.nextID(transaction)
                let refresh = RefreshToken.first(of: id, keys: keys)
                let new = Sessions.New(user: user, userAgent: "tests", address: nil)
                try await Sessions.insert(id, new, refreshHash: refresh.hash, transaction)
                return id
            }
            return AccessToken(
                user: user, session: session, username: "someone", guilds: nil, issuedAt: Timestamp.now.seconds)
        }
    }

    /// The refresh token of a new session.
    func refreshToken(of user: UserID) async throws -> String {
        let keys = keys
        return try await TestDatabase.shared.ask { database in
            try await database.transaction(for: nil) { transaction in
                let refresh = RefreshToken.first(of: try await Sessions.nextID(transaction), keys: keys)
                let new = Sessions.New(user: user, userAgent: "tests", address: nil)
                try await Sessions.insert(refresh.session, new, refreshHash: refresh.hash, transaction)
                return refresh.text
            }
        }
    }

    func ask(
        _ method: Request.Method, _ path: String, query: String = "", as token: AccessToken? = nil,
        headers: [(String, String)] = [], peer: IPAddress = .loopback
    ) async -> Response {
        var headers = headers
        if let token { headers.append(("Authorization", "Bearer " + token.signed(with: keys))) }
        let request = Request(method, path: path, query: query, headers: HeaderFields(headers), peer: peer, id: "test")
        let site = site
        return await Task(executorPreference: site.loop) { await site.respond(to: request) }.value
    }
}

extension Response {
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes.array, as: UTF8.self) } else { "" }
    }
}

extension Endpoint {
    /// The path with the guild, and ones for everything else.
    func path(in guild: GuildID) -> String {
        "/"
            + pieces.map { piece in
                switch piece {
                case .fixed(let word): word
                case .hole("guildId"): guild.description
                case .hole: "1"
                }
            }.joined(separator: "/")
    }
}
