internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Sign-in with Discord, session renewal, and sign-out.
enum SignInEndpoints {
    static let begin: Path<> = Path("/api/v1/auth/discord")
    static let callback = PagePath.signInCallback
    static let refresh: Path<> = Path("/api/v1/auth/refresh")
    static let logout: Path<> = Path("/api/v1/auth/logout")
    static let me: Path<> = Path("/api/v1/auth/me")

    static let returnTo = QueryParameter<ReturnPath>(
        "returnTo", .text(maximum: 2_000), "Local path to return to; other values are ignored", expects: ""
    ) { ReturnPath($0) ?? .home }.lenient()
    static let code = QueryParameter<String>.text("code", maximum: 512, "Discord's code")
    static let state = QueryParameter<String>.text("state", maximum: 128, "The state of the sign-in")
    static let error = QueryParameter<String>.text("error", maximum: 64, "Discord's error code")
    static let errorDescription = QueryParameter<String>.text("error_description", maximum: 512, "Discord's error text")

    static let tokens = Schema.named(
        "TokenPair",
        .object([
            .field("accessToken", .string()), .field("tokenType", .named("TokenType", .oneOf(["Bearer"]))),
            .field("expiresIn", .count), .field("refreshToken", .string()),
        ]))

    private static let refreshInput = Schema.named(
        "RefreshInput", .object([.field("refreshToken", .text(minimum: 1, maximum: 200))]))

    static let endpoints: [Endpoint] = [
        .open(.get, begin, .page, "Start a sign-in: redirects to Discord", .redirect(302)) { call in
            try await SignIn(call).begin(returningTo: try call.query(returnTo) ?? .home)
        }.takes([returnTo.description]).limitedAsSignIn().withEffect().explained(
            "Keep the cookie of the response: the callback needs it."),
        .open(.get, callback, .page, "Finish a sign-in: Discord redirects here", .redirect()) { call in
            try await SignIn(call).finish()
        }.takes([code.description, state.description, error.description, errorDescription.description]).withEffect()
            .orJSON(tokens).fails([(429, "Too many sign-ins that did not begin here")]),
        .open(.post, refresh, .api, "Exchange a refresh token for a new pair", .json(tokens)) { call in
            try await refreshed(call)
        }.mayTakeBody(refreshInput, limit: 4_096).fails([(401, "The token is invalid, or its session has ended")])
            .explained("Without a body the token is that of the browser's cookie."),
        .signedIn(.post, logout, .api, "End this session", .empty) { call, session in
            try await signOut(call, session)
            var response = Response(status: 204)
            clear(call, &response)
            return response
        }.uncounted(),
        .signedIn(.get, me, .api, "The person who is signed in, and their servers", .json(MeJSON.schema)) {
            call, session in
            guard let person = try await Users.find(session.user, call.database) else {
                throw Rejection.unauthenticated
            }
            let formToken = FormToken.forPages(of: session, keys: call.world.keys)
            return .json { MeJSON.write(person, session, formToken: formToken, to: &$0) }
        },
    ]

    static func signOut(_ call: Call, _ session: Session) async throws {
        _ = try await Sessions.revoke(
            session.id, of: session.user, reason: .logout, from: call.origin, call.database)
        call.world.sessions.forget(session.id)
    }

    static func clear(_ call: Call, _ response: inout Response) {
        for cookie in call.context.removedCookies() { response.add("Set-Cookie", text: cookie) }
        response.add("Clear-Site-Data", "\"cache\", \"storage\"")
    }

    /// The token is in the JSON body, or in a browser's cookie.
    private static func refreshed(_ call: Call) async throws -> Response {
        if call.request.headers.contains("content-type") {
            let token = try ObjectReader.read(try call.request.json()) { fields in
                fields.required("refreshToken", .text(.line(200)))
            }
            return try await pair(try await rotate(token, call), call)
        }
        guard let cookie = try Cookies(call.request.headers).value(call.world.cookies.refresh) else {
            throw Rejection.unauthenticated
        }
        let tokens = try await rotate(cookie, call)
        var response = try await pair(tokens, call)
        if let tokens { for cookie in call.context.cookies(for: tokens) { response.add("Set-Cookie", text: cookie) } }
        return response
    }

    /// A forged token counts as an attempt to sign in.
    ///
    /// An expired token of ours does not: a forgotten tab may keep sending it, and must not block its owner's sign-in.
    private static func rotate(_ token: some StringProtocol, _ call: Call) async throws -> TokenPair? {
        if RefreshToken(token, keys: call.world.keys) == nil { try call.world.limiter.countSignIn(call.request) }
        return try await call.context.rotate(token, from: call.origin)
    }

    static func pair(_ tokens: TokenPair?, _ call: Call) async throws -> Response {
        guard let tokens else { throw Rejection.unauthenticated }
        return .json { json in
            json.object { json in
                json.string("accessToken", tokens.access.signed(with: call.world.keys))
                json.string("tokenType", "Bearer")
                json.integer("expiresIn", AccessToken.lifetime)
                json.string("refreshToken", tokens.refresh.text)
            }
        }
    }
}
