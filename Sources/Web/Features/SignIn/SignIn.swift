internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// One step of Discord's OAuth code flow, with state and PKCE bound to the browser that started it.
struct SignIn {
    private let call: Call

    init(_ call: Call) { self.call = call }

    // MARK: Beginning

    func begin(returningTo path: ReturnPath) async throws -> Response {
        guard let application = call.world.settings.application else { return try failure(.notConfigured) }
        let state = Base64URL.encode(Crypto.random(32))
        let verifier = Base64URL.encode(Crypto.random(32))
        let browser = try browserKey() ?? Base64URL.encode(Crypto.random(32))
        try await OAuthStates.insert(
            stateHash: Crypto.sha256(state.utf8), browserHash: Crypto.sha256(browser.utf8), verifier: verifier,
            returnTo: path.description, call.database)
        let challenge = Base64URL.encode(Crypto.sha256(verifier.utf8))
        let address = call.world.discord.authorization(
            application, redirect: call.world.settings.redirectAddress, state: state, challenge: challenge)
        var response = Response(status: 302, headers: [("Location", .text(address))])
        response.add("Set-Cookie", text: signInCookie(browser))
        return response
    }

    private func signInCookie(_ browser: String) -> String {
        let names = call.world.cookies
        return Cookies.set(names.signIn, browser, seconds: 600, isSecure: names.isSecure)
    }

    /// Binds a sign-in to this browser.
    ///
    /// Several may be in progress at once.
    private func browserKey() throws(HTTPRefusal) -> String? {
        guard let value = try Cookies(call.request.headers).value(call.world.cookies.signIn),
            Base64URL.decode(value)?.count == 32
        else { return nil }
        return String(value)
    }

    // MARK: Finishing

    func finish() async throws -> Response {
        do {
            return try await finishOrFail()
        } catch let failure as SignInFailure {
            // A sign-in that began here was counted at its start.
            call.context.meter.signIns.refused += 1
            if failure == .expired || failure == .otherBrowser {
                // An old callback in a browser that is signed in, such as a page that the browser restored.
                if call.session != nil, !call.request.wantsJSON { return .seeOther(PagePath.servers.link()) }
                try call.world.limiter.countSignIn(call.request)
            }
            return try self.failure(failure)
        } catch let failure as DiscordFailure {
            call.context.meter.signIns.failed += 1
            call.world.log.warning("a sign-in failed at Discord: \(failure)", [("request", call.request.id)])
            return try self.failure(SignInFailure(failure))
        }
    }

    private func finishOrFail() async throws -> Response {
        guard let application = call.world.settings.application else { throw SignInFailure.notConfigured }
        guard let state = try call.query(SignInEndpoints.state) else { throw SignInFailure.expired }
        guard let browser = try browserKey() else {
            throw SignInFailure.otherBrowser
        }
        let outcome = try await OAuthStates.take(
            stateHash: Crypto.sha256(state.utf8), browserHash: Crypto.sha256(browser.utf8), call.database)
        switch outcome {
        case .elsewhere: throw SignInFailure.otherBrowser
        case .expired: throw SignInFailure.expired
        case .used(let returnTo): return try leadOn(to: ReturnPath(returnTo) ?? .home)
        case .begun(let begun):
            guard let code = try call.query(SignInEndpoints.code) else { throw SignInFailure.cancelled }
            return try await enter(code, begun, application)
        }
    }

    /// The response if the same browser loads a callback again, perhaps while the first load is in progress.
    ///
    /// It creates no session; the cookies of the first load do. The sign-in page redirects if they have arrived by
    /// then, and offers to sign in if the first load failed.
    private func leadOn(to path: ReturnPath) throws(SignInFailure) -> Response {
        if call.session != nil { return .seeOther(Link(path)) }
        // A program cannot use a page.
        if call.request.wantsJSON { throw .finished }
        return .seeOther(SignInPages.login(returningTo: path, nil))
    }

    private func enter(
        _ code: String, _ begun: OAuthStates.Begun, _ application: DiscordApplication
    ) async throws -> Response {
        let discord = call.world.discord
        let granted = try await discord.exchange(
            code, verifier: begun.verifier, redirect: call.world.settings.redirectAddress, application)
        guard granted.scopes.isSuperset(of: ["identify", "email", "guilds"]) else {
            throw try await refused(.missingPermission, .missingScopes)
        }
        let (person, isVerified) = try await discord.person(granted.access.exposed)
        guard isVerified else { throw try await refused(.unverifiedEmail, .unverifiedEmail) }
        let tokens = try await startSession(of: person, granted, guilds: await guildList(granted.access.exposed))
        call.context.meter.signIns.completed += 1
        call.world.log.info("signed in", [("user", person.id.description), ("request", call.request.id)])
        return try await welcome(tokens, returningTo: ReturnPath(begun.returnTo) ?? .home)
    }

    private func refused(
        _ failure: SignInFailure, _ reason: SignInRefusals.Reason
    ) async throws(DatabaseFailure) -> SignInFailure {
        try await SignInRefusals.note(reason, from: call.origin, call.database)
        return failure
    }

    /// If Discord fails, the previously stored list stays valid.
    private func guildList(_ token: String) async -> Result<[DiscordGuild], DiscordFailure> {
        do {
            return .success(try await call.world.discord.guilds(token))
        } catch {
            call.world.log.warning(
                "Discord's list of servers could not be read: \(error)", [("request", call.request.id)])
            return .failure(error)
        }
    }

    private func startSession(
        of person: Person, _ granted: DiscordClient.Tokens, guilds: Result<[DiscordGuild], DiscordFailure>
    ) async throws -> TokenPair {
        let keys = call.world.keys
        let sealed = call.world.vault.seal(granted, of: person.id)
        let new = Sessions.New(
            user: person.id, userAgent: call.request.headers.text("user-agent") ?? "", from: call.origin)
        let refresh = try await call.database.transaction(for: nil) { transaction in
            try await Users.save(person, guilds: try? guilds.get(), transaction)
            try await DiscordGrants.store(sealed, of: person.id, transaction)
            if case .failure(.rateLimited(let seconds)) = guilds {
                try await DiscordGrants.record(
                    .rateLimited(seconds: seconds), of: person.id, since: nil, transaction)
            }
            let id = try await Sessions.nextID(transaction)
            let token = RefreshToken.first(of: id, keys: keys)
            try await Sessions.insert(id, new, refreshHash: token.hash, transaction)
            return token
        }
        guard let access = try await call.context.accessToken(for: person.id, session: refresh.session) else {
            throw Rejection.fault
        }
        return TokenPair(access: access, refresh: refresh)
    }

    private func welcome(_ tokens: TokenPair, returningTo path: ReturnPath) async throws -> Response {
        if call.request.wantsJSON { return try await SignInEndpoints.pair(tokens, call) }
        var response = Response.seeOther(Link(text: path.description))
        for cookie in call.context.cookies(for: tokens) { response.add("Set-Cookie", text: cookie) }
        // Kept for ten more minutes, because another tab's sign-in, or a reload of this callback, needs it.
        if let browser = try browserKey() { response.add("Set-Cookie", text: signInCookie(browser)) }
        return response
    }

    /// The error page; a problem document for a client that asked for JSON.
    ///
    /// - Throws: the failure, for such a client.
    private func failure(_ failure: SignInFailure) throws(SignInFailure) -> Response {
        if call.request.wantsJSON { throw failure }
        var response = SignInPages.failure(failure, call)
        if let seconds = failure.retryAfterSeconds { response.add("Retry-After", text: String(seconds)) }
        return response
    }
}
