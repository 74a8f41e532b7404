internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The tokens of a signed-in person.
struct TokenPair: Sendable {
    let access: AccessToken
    let refresh: RefreshToken
}

extension LoopContext {
    /// Uses a refresh token and issues its child.
    ///
    /// Nil if the session has ended.
    ///
    /// - Throws: `RateLimiter.UsedUp` before any query; `DatabaseFailure`.
    func rotate(_ text: some StringProtocol, from origin: AuditOrigin) async throws -> TokenPair? {
        guard let parent = RefreshToken(text, keys: world.keys) else { return nil }
        try world.limiter.count(refreshOf: parent.session)
        let children = parent.children(keys: world.keys)
        let rotation = try await Sessions.rotate(
            parent.session, parent: parent.hash, children: children.map(\.hash), from: origin, database)
        switch rotation {
        case .ended: return nil
        case .reused(let user):
            world.sessions.forget(parent.session)
            world.log.warning("a refresh token was reused; its session was revoked", [("user", user.description)])
            return nil
        case .rotated(let user, let index):
            await GuildReading(self, of: user).refresh()
            guard let access = try await accessToken(for: user, session: parent.session) else { return nil }
            return TokenPair(access: access, refresh: children[index])
        }
    }

    func accessToken(for user: UserID, session: SessionID) async throws(DatabaseFailure) -> AccessToken? {
        guard let claims = try await Users.claims(user, database) else { return nil }
        let guilds = claims.guilds.map {
            AccessToken.Guild(guild: $0.guild, client: $0.client, permissions: $0.permissions)
        }
        return AccessToken(
            user: user, session: session, username: claims.username, guilds: guilds, issuedAt: world.now().seconds)
    }

    /// `Set-Cookie` values after a sign-in or a renewal.
    func cookies(for tokens: TokenPair) -> [String] {
        let names = world.cookies
        return [
            Cookies.set(
                names.access, tokens.access.signed(with: world.keys), seconds: Int(AccessToken.lifetime),
                isSecure: names.isSecure),
            Cookies.set(names.refresh, tokens.refresh.text, seconds: 30 * 86_400, isSecure: names.isSecure),
        ]
    }

    /// `Set-Cookie` values that delete the tokens.
    func removedCookies() -> [String] {
        let names = world.cookies
        return [names.access, names.refresh].map { Cookies.set($0, "", seconds: 0, isSecure: names.isSecure) }
    }
}
