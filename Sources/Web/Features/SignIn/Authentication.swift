internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The session of a request, and the cookies that the response should set.
struct Identity: Sendable {
    var session: Session?
    var setCookies: [String] = []
    /// A cookie or header named a session that has ended.
    var isStale = false

    static let nobody = Identity()
}

extension LoopContext {
    /// Authenticates a request by a bearer token or the cookies of a browser.
    ///
    /// Expired access cookies are renewed from the refresh cookie, so a person never sees a sign-in page while the
    /// session lives.
    ///
    /// - Throws: `unauthenticated` for a bearer token that does not hold,
    ///   `DatabaseFailure` while a session cannot be looked up.
    func identify(_ request: Request) async throws -> Identity {
        if request.headers.contains("authorization") { return try await identifyBearer(request) }
        let cookies = Cookies(request.headers)
        if let text = try cookies.value(world.cookies.access),
            let token = AccessToken(ArraySlice(text.utf8), keys: world.keys, now: world.now().seconds),
            let session = try await session(of: token, .cookie)
        {
            return Identity(session: session)
        }
        guard let text = try cookies.value(world.cookies.refresh) else { return .nobody }
        return try await renew(text, from: request.origin)
    }

    /// Whether a request carries a token that this service signed: enough to let its body in.
    ///
    /// Whether the session lives is asked when the body is there, since that may renew it.
    func hasCredential(_ request: Request) -> Bool {
        let now = world.now().seconds
        if let header = request.headers.only("authorization") {
            return AccessToken(header.dropFirst(7), keys: world.keys, now: now) != nil
        }
        let cookies = Cookies(request.headers)
        if let text = try? cookies.value(world.cookies.access),
            AccessToken(ArraySlice(text.utf8), keys: world.keys, now: now) != nil
        {
            return true
        }
        return (try? cookies.value(world.cookies.refresh)).flatMap { $0 }.flatMap { RefreshToken($0, keys: world.keys) }
            != nil
    }

    private func identifyBearer(_ request: Request) async throws -> Identity {
        guard let header = request.headers.only("authorization"), header.count > 7,
            String(decoding: header.prefix(7), as: UTF8.self).lowercased() == "bearer ",
            let token = AccessToken(header.dropFirst(7), keys: world.keys, now: world.now().seconds),
            let session = try await session(of: token, .bearer)
        else { throw Rejection.unauthenticated }
        return Identity(session: session)
    }

    /// Nil if the session has ended.
    ///
    /// The present memberships decide. The token's guilds are an upper bound for the memberships that the server knew when
    /// the token was issued; one that is newer applies at once, as a lost one ends at once.
    func session(of token: AccessToken, _ credential: Session.Credential) async throws(DatabaseFailure) -> Session? {
        guard let state = try await world.sessions.state(of: token.session, at: world.now(), database),
            state.user == token.user
        else { return nil }
        var memberships = state.memberships
        if let guilds = token.guilds {
            let listed = Set(guilds.map(\.guild))
            // The token's time is in whole seconds.
            memberships = memberships.filter { guild, membership in
                listed.contains(guild) || membership.since.seconds >= token.issuedAt
            }
        }
        return Session(
            id: token.session, user: token.user, username: token.username, credential: credential,
            memberships: memberships, expires: state.expires)
    }

    private func renew(_ text: Substring, from origin: AuditOrigin) async throws -> Identity {
        guard let tokens = try await rotate(text, from: origin) else { return Identity(isStale: true) }
        let session = try await session(of: tokens.access, .cookie)
        return Identity(session: session, setCookies: cookies(for: tokens))
    }
}
