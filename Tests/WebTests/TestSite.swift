import Domain
import EventLoop
import Persistence
import Synchronization
import TestKit

@testable import Web
@testable import Formats
@testable import HTTP

/// The whole site on the tests' loop and database, called without a socket.
struct TestSite: Sendable {
    static let shared = TestSite()

    let site: Site
    /// For the site's own calls to the stand-in for Discord.
    private let server: HTTPServer
    let keys = Keys(current: Array(repeating: 1, count: 64))
    let vault = TokenVault(current: Array(repeating: 2, count: 64))

    /// Stands for another process on the same database: a world of its own, which is notified of changes only through
    /// the database.
    static var another: TestSite { get async { await anotherOne.value } }

    private static let anotherOne = Task { await listening() }

    private static func listening() async -> TestSite {
        let test = TestDatabase.shared
        let another = TestSite()
        let notifications = Notifications(ConnectionSettings(address: test.address, name: "listener"), on: test.loop)
        another.site.world.follow(notifications)
        await withCheckedContinuation { continuation in
            let isConnected = Atomic(false)
            notifications.onConnect {
                if !isConnected.exchange(true, ordering: .relaxed) { continuation.resume() }
            }
            test.loop.execute { notifications.start() }
        }
        return another
    }

    static let settings: SiteSettings = {
        var settings = SiteSettings(origin: "http://dashboard.test", isDemo: true, requestsPerMinute: 1_000_000)
        settings.requestsPerTenantPerMinute = 1_000_000
        settings.signInsPer15Minutes = 1_000_000
        settings.discordTimeout = .seconds(60)
        settings.application = DiscordStandIn.application
        return settings
    }()

    /// A site like the shared one, with settings of the test.
    init(
        _ settings: SiteSettings = Self.settings, discord base: String? = nil, discordMilliseconds: Int = 2_000,
        clock: SteadyClock = .system
    ) {
        let test = TestDatabase.shared
        let live = LiveStatus(hubs: [StatusHub(on: test.loop, database: test.database)], clock: clock)
        guard let socket = try? ListeningSocket.open(host: .loopback, port: 0, count: 1)[0] else {
            fatalError("the tests found no free port")
        }
        let discord = DiscordClient(
            client: HTTPSClient(allowsHTTP: true), authorizeAddress: DiscordStandIn.authorizePath,
            base: base ?? "http://127.0.0.1:\(socket.port)" + DiscordStandIn.apiPath, site: "test",
            milliseconds: discordMilliseconds)
        let world = World(
            settings: settings, keys: keys, vault: vault, discord: discord, live: live,
            log: Log(level: .error, format: .text),
            now: { .now }, clock: clock)
        site = Site(
            world: world, database: test.database, loop: test.loop, endpoints: Endpoints.all(isDemo: true))
        server = HTTPServer(on: test.loop, handler: site)
        let server = server
        test.loop.execute {
            do { try server.start(on: socket) } catch { fatalError("the tests' server did not start: \(error)") }
        }
    }

    /// A session of the person in the database, and the token that proves it.
    func signIn(_ user: UserID) async throws -> AccessToken { try await enter(user).access }

    /// The same with the refresh token.
    func enter(_ user: UserID, userAgent: String = "tests", address: String? = nil) async throws -> TokenPair {
        let keys = keys
        return try await TestDatabase.shared.ask { database in
            let refresh = try await database.transaction(for: nil) { transaction in
                let id = try await Sessions.nextID(transaction)
                let refresh = RefreshToken.first(of: id, keys: keys)
                let new = Sessions.New(
                    user: user, userAgent: userAgent, from: AuditOrigin(.page, address: address))
                try await Sessions.insert(id, new, refreshHash: refresh.hash, transaction)
                return refresh
            }
            let access = AccessToken(
                user: user, session: refresh.session, username: "someone", guilds: nil,
                issuedAt: Timestamp.now.seconds)
            return TokenPair(access: access, refresh: refresh)
        }
    }

    /// The refresh token of a new session.
    func refreshToken(of user: UserID) async throws -> String { try await enter(user).refresh.text }

    /// Asks as a client would; a body is its media type and its text.
    func ask(
        _ method: Request.Method, _ path: String, query: String = "", as token: AccessToken? = nil,
        headers: [(String, String)] = [], body: (type: String, text: String)? = nil,
        peer: IPAddress = .loopback, isHead: Bool = false
    ) async -> Response {
        var headers = headers
        if let token { headers.append(("Authorization", "Bearer " + token.signed(with: keys))) }
        if let body { headers.append(("Content-Type", body.type)) }
        var request = Request(method, path: path, query: query, headers: HeaderFields(headers), peer: peer, id: "test")
        request.isHead = isHead
        request.body = Array((body?.text ?? "").utf8)
        let (site, sent) = (site, request)
        return await Task(executorPreference: site.loop) { await site.respond(to: sent) }.value
    }

    /// Sends a form as a page does: with cookies, and with the page's token among the fields.
    func submit(
        _ path: String, _ fields: [(String, String)] = [], as tokens: TokenPair, proof: String? = nil
    ) async -> Response {
        let proof = proof ?? formToken(of: tokens)
        let form = FormFields(([(FormToken.field, proof)] + fields).map { FormFields.Field($0, $1) })
        return await ask(
            .post, path, headers: [("Cookie", cookie(tokens)), ("Sec-Fetch-Site", "same-origin")],
            body: ("application/x-www-form-urlencoded", form.query))
    }

    /// Another one for each page.
    func formToken(of tokens: TokenPair) -> String { FormToken.make(for: tokens.access.session, keys: keys) }

    func cookie(_ tokens: TokenPair) -> String {
        let names = site.world.cookies
        return "\(names.access)=\(tokens.access.signed(with: keys)); \(names.refresh)=\(tokens.refresh.text)"
    }
}

extension Response {
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes.array, as: UTF8.self) } else { "" }
    }
}
