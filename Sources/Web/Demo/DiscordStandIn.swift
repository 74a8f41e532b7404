internal import Domain
internal import Formats
internal import HTTP
internal import Synchronization

/// Simulates Discord in demo mode and in tests: its authorize page and the three calls of a sign-in, in this process.
///
/// So the real code path runs without Discord.
package enum DiscordStandIn {
    package static let application = DiscordApplication(id: "100000000000000099", secret: "demo secret of the stand-in")
    package static let authorizePath = "/demo/discord/authorize"
    package static let apiPath = "/demo/discord/api"

    static let authorize: Path<> = Path("/demo/discord/authorize")
    static let choose: Path<> = Path("/demo/discord/choose")
    static let token: Path<> = Path("/demo/discord/api/oauth2/token")
    static let revocation: Path<> = Path("/demo/discord/api/oauth2/token/revoke")
    static let person: Path<> = Path("/demo/discord/api/users/@me")
    static let guilds: Path<> = Path("/demo/discord/api/users/@me/guilds")

    static let state = QueryParameter<String>.text("state", maximum: 128, "Returned to the dashboard")
    static let challenge = QueryParameter<String>.text("code_challenge", maximum: 64, "PKCE, S256")
    static let redirect = QueryParameter<String>.text("redirect_uri", maximum: 2_000, "The redirect address")
    static let chosen = QueryParameter<String>.text("person", maximum: 20, "The chosen person; `cancel` to decline")

    /// Codes and refresh tokens that were used.
    private static let spent = Mutex<Set<String>>([])

    static let endpoints: [Endpoint] = [
        .open(.get, authorize, .page, "Demo: the stand-in for Discord's consent page", .html) { call in
            DemoPages.consent(
                call, state: try call.query(state) ?? "", challenge: try call.query(challenge) ?? "",
                redirect: try call.query(redirect) ?? "")
        }.takes([state.description, challenge.description, redirect.description]).uncounted(),
        .open(.get, choose, .page, "Demo: a person was chosen", .redirect()) { try chosen($0) }
            .takes([state.description, challenge.description, redirect.description, chosen.description]).uncounted(),
        .open(.post, token, .api, "Demo: the stand-in for Discord's token endpoint", .json(.object([]))) { call in
            try trade(call)
        }.uncounted(),
        .open(
            .post, revocation, .api, "Demo: the stand-in for Discord's revocation endpoint", .json(.object([]))
        ) { call in
            try revoke(call)
        }.uncounted(),
        .open(.get, person, .api, "Demo: the stand-in for Discord's user endpoint", .json(.object([]))) { call in
            guard let person = try bearer(call) else { return refusal(401, "invalid_token") }
            return .json { json in json.object { person.write(to: &$0) } }
        }.uncounted(),
        .open(.get, guilds, .api, "Demo: the stand-in for Discord's guild list", .json(.array(.object([])))) { call in
            guard let person = try bearer(call) else { return refusal(401, "invalid_token") }
            return .json { json in json.array { json in for guild in person.guilds { guild.write(to: &json) } } }
        }.uncounted(),
    ]

    // MARK: Answers

    private static func chosen(_ call: Call) throws -> Response {
        let state = PercentCoding.encode(try call.query(Self.state) ?? "")
        // Like Discord: only addresses registered for the application.
        guard try call.query(redirect) == call.world.settings.redirectAddress else {
            throw Rejection.malformed(.init("redirect_uri", "is not registered for this application"))
        }
        let target = call.world.settings.redirectAddress
        guard let person = DemoPerson.find(try call.query(Self.chosen) ?? "") else {
            return Response(status: 302, headers: [("Location", .text("\(target)?error=access_denied&state=\(state)"))])
        }
        let code = seal("code", person.id, try call.query(challenge) ?? "", call)
        return Response(status: 302, headers: [("Location", .text("\(target)?code=\(code)&state=\(state)"))])
    }

    private static func trade(_ call: Call) throws -> Response {
        let form = try FormBody(call.request)
        guard form["client_id"] == application.id, form["client_secret"] == application.secret.exposed else {
            return refusal(401, "invalid_client")
        }
        if form["grant_type"] == "refresh_token" {
            guard let token = form["refresh_token"], let (person, _) = open("refresh", token, call),
                spent.withLock({ $0.insert(token).inserted })
            else { return refusal(400, "invalid_grant") }
            return tokens(of: person, call)
        }
        guard form["grant_type"] == "authorization_code", form["redirect_uri"] == call.world.settings.redirectAddress,
            let code = form["code"], let (person, challenge) = open("code", code, call),
            let verifier = form["code_verifier"],
            Base64URL.encode(Crypto.sha256(verifier.utf8)) == challenge,
            spent.withLock({ $0.insert(code).inserted })
        else { return refusal(400, "invalid_grant") }
        return tokens(of: person, call)
    }

    private static func revoke(_ call: Call) throws -> Response {
        let form = try FormBody(call.request)
        guard form["client_id"] == application.id, form["client_secret"] == application.secret.exposed else {
            return refusal(401, "invalid_client")
        }
        // Like Discord, and RFC 7009: revoking an unknown token succeeds.
        if let token = form["token"] { _ = spent.withLock { $0.insert(token) } }
        return .json { $0.object { _ in } }
    }

    private static func tokens(of person: DemoPerson, _ call: Call) -> Response {
        .json { json in
            json.object { json in
                json.string("access_token", seal("token", person.id, "", call))
                json.string("token_type", "Bearer")
                json.integer("expires_in", 604_800)
                json.string("refresh_token", seal("refresh", person.id, "", call))
                json.string("scope", DiscordClient.scopes)
            }
        }
    }

    private static func bearer(_ call: Call) throws -> DemoPerson? {
        guard let header = call.request.headers.text("authorization"), header.hasPrefix("Bearer ") else { return nil }
        return Self.open("token", String(header.dropFirst(7)), call)?.0
    }

    private static func refusal(_ status: Int, _ error: String) -> Response {
        .json(status) { json in json.object { $0.string("error", error) } }
    }

    // MARK: Codes and tokens: signed, so that nothing has to be kept

    private static func seal(_ kind: String, _ person: String, _ extra: String, _ call: Call) -> String {
        let content = "\(kind).\(person).\(extra).\(Base64URL.encode(Crypto.random(9)))"
        return content + "." + signature(content, call)
    }

    private static func open(_ kind: String, _ text: String, _ call: Call) -> (DemoPerson, String)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[0] == kind, let person = DemoPerson.find(parts[1]),
            Crypto.areEqual(signature(parts[0..<4].joined(separator: "."), call).utf8, parts[4].utf8)
        else { return nil }
        return (person, parts[2])
    }

    private static func signature(_ content: String, _ call: Call) -> String {
        Base64URL.encode(call.world.keys.current.form.code(for: Array("demo \(content)".utf8)).prefix(18))
    }
}
