internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// This application at Discord's developer portal.
package struct DiscordApplication: Sendable {
    package let id: String
    let secret: String

    package init(id: String, secret: String) {
        self.id = id
        self.secret = secret
    }
}

/// Why Discord did not give what it was asked for.
package enum DiscordFailure: Error, Equatable, Sendable {
    /// The code or token is spent, expired or was never valid.
    case refused
    /// The application's id or secret is wrong.
    case wrongApplication
    /// Too many requests; Discord says when to come back.
    case rateLimited(seconds: Int)
    /// Down, unreachable, or answering something else than its API does.
    case unavailable(String)
}

/// Discord's API, as far as a sign-in needs it.
package struct DiscordClient: Sendable {
    package struct Tokens: Sendable {
        package let access: String
        package let refresh: String?
        package let seconds: Int64
        package let scopes: Set<String>
    }

    package static let scopes = "identify email guilds"

    private let client: HTTPSClient
    /// Where browsers go to sign in.
    private let authorizeAddress: String
    /// `https://discord.com/api/v10`, or a stand-in.
    private let base: String
    /// Who calls: Discord asks for an address in the user agent.
    private let site: String
    /// The longest that one call may take.
    private let milliseconds: Int

    package init(
        client: HTTPSClient, authorizeAddress: String, base: String, site: String, milliseconds: Int = 10_000
    ) {
        self.milliseconds = milliseconds
        self.client = client
        self.authorizeAddress = authorizeAddress
        self.base = base
        self.site = site
    }

    /// Where a browser is sent to be asked for its consent.
    func authorization(
        _ application: DiscordApplication, redirect: String, state: String, challenge: String
    ) -> String {
        let query = FormFields([
            .init("response_type", "code"), .init("client_id", application.id), .init("scope", Self.scopes),
            .init("redirect_uri", redirect), .init("state", state), .init("code_challenge", challenge),
            .init("code_challenge_method", "S256"), .init("prompt", "none"),
        ]).query
        return authorizeAddress + "?" + query
    }

    /// Trades the code of a callback for tokens.
    func exchange(
        _ code: String, verifier: String, redirect: String, _ application: DiscordApplication
    ) async throws(DiscordFailure) -> Tokens {
        let form = FormFields([
            .init("grant_type", "authorization_code"), .init("code", code), .init("redirect_uri", redirect),
            .init("code_verifier", verifier), .init("client_id", application.id),
            .init("client_secret", application.secret),
        ]).query
        return try tokens(in: try await call("/oauth2/token", form: form))
    }

    /// Trades a refresh token, which dies by that, for new tokens.
    func renew(_ refresh: String, _ application: DiscordApplication) async throws(DiscordFailure) -> Tokens {
        let form = FormFields([
            .init("grant_type", "refresh_token"), .init("refresh_token", refresh), .init("client_id", application.id),
            .init("client_secret", application.secret),
        ]).query
        return try tokens(in: try await call("/oauth2/token", form: form))
    }

    /// Ends all that Discord let this application do for the token's person, on whichever device they agreed.
    func revoke(_ refresh: String, _ application: DiscordApplication) async throws(DiscordFailure) {
        let form = FormFields([
            .init("token", refresh), .init("token_type_hint", "refresh_token"), .init("client_id", application.id),
            .init("client_secret", application.secret),
        ]).query
        _ = try await call("/oauth2/token/revoke", form: form)
    }

    /// Why Discord does not take the application's id and secret; nil when it does.
    package func refusal(of application: DiscordApplication) async -> DiscordFailure? {
        let form = FormFields([.init("grant_type", "client_credentials"), .init("scope", "identify")]).query
        let basic = Self.basic(application.id + ":" + application.secret)
        do {
            _ = try tokens(in: try await call("/oauth2/token", form: form, authorization: basic))
            return nil
        } catch {
            return error
        }
    }

    private func tokens(in answer: JSONValue) throws(DiscordFailure) -> Tokens {
        guard let access = answer["access_token"]?.string, let seconds = answer["expires_in"]?.int64,
            (0...10_000_000_000).contains(seconds),
            // Discord's have 30 bytes or so.
            access.utf8.count <= 2_000, answer["refresh_token"]?.string?.utf8.count ?? 0 <= 2_000
        else { throw .unavailable("an answer without a token") }
        let scopes = Set((answer["scope"]?.string ?? "").split(separator: " ").map(String.init))
        return Tokens(access: access, refresh: answer["refresh_token"]?.string, seconds: seconds, scopes: scopes)
    }

    /// Who the token is for; the second value says whether Discord verified the e-mail address.
    func person(_ token: String) async throws(DiscordFailure) -> (Users.Person, isVerified: Bool) {
        let answer = try await call("/users/@me", authorization: "Bearer " + token)
        guard let id = answer["id"]?.string.flatMap({ UserID($0) }),
            let name = answer["username"]?.string.map({ Self.line($0, 64) }), !name.isEmpty
        else { throw .unavailable("an answer without a person") }
        let person = Users.Person(
            id: id, username: name, globalName: answer["global_name"]?.string.map { Self.line($0, 64) },
            avatar: answer["avatar"]?.string.flatMap(ImageHash.init)?.text,
            email: answer["email"]?.string.flatMap { Self.whole($0, 320) },
            locale: answer["locale"]?.string.flatMap { Self.whole($0, 16) })
        return (person, answer["verified"]?.bool == true && person.email.map(Self.isEmailAddress) == true)
    }

    /// Whether it has something before and behind its last `@`, and no blanks or control characters.
    private static func isEmailAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1 else { return false }
        return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    /// The guilds that the token's person is in.
    ///
    /// All of them or none: a guild missing from the list is taken from the person, and so are its missing permissions.
    ///
    /// - Throws: `unavailable` for an answer that is no list, or a list with an entry that cannot be read.
    func guilds(_ token: String) async throws(DiscordFailure) -> [Users.DiscordGuild] {
        let answer = try await call("/users/@me/guilds", authorization: "Bearer " + token)
        guard let items = answer.array else { throw .unavailable("an answer without a list") }
        var seen: Set<GuildID> = []
        var guilds: [Users.DiscordGuild] = []
        for item in items.prefix(200) {
            guard let guild = Self.guild(item) else { throw .unavailable("a list with an unreadable entry") }
            if seen.insert(guild.id).inserted { guilds.append(guild) }
        }
        return guilds
    }

    private static func guild(_ item: JSONValue) -> Users.DiscordGuild? {
        guard let id = item["id"]?.string.flatMap({ GuildID($0) }), let name = item["name"]?.string,
            let permissions = item["permissions"]?.string, !permissions.isEmpty, permissions.utf8.allSatisfy(\.isDigit),
            let isOwner = item["owner"]?.bool
        else { return nil }
        return Users.DiscordGuild(
            id: id, name: line(name, 100), icon: item["icon"]?.string.flatMap(ImageHash.init)?.text,
            permissions: Permissions(decimal: permissions), isOwner: isOwner)
    }

    /// Cut to what the table takes, which counts code points.
    private static func line(_ text: String, _ limit: Int) -> String { String(text.unicodeScalars.prefix(limit)) }

    private static func whole(_ text: String, _ limit: Int) -> String? { line(text, limit) == text ? text : nil }

    /// Writes a message that mentions nobody, whatever its text.
    ///
    /// - Throws: `refused` where the webhook is gone.
    func deliver(_ text: String, to webhook: DiscordWebhook) async throws(DiscordFailure) {
        var json = JSONWriter()
        json.object { json in
            json.string("content", text)
            json.object("allowed_mentions") { json in json.array(key: "parse") { _ in } }
        }
        let body = String(decoding: json.finish().array, as: UTF8.self)
        let answer = try await send(webhook.pathInAPI, form: body, type: "application/json")
        if (200..<300).contains(answer.status) { return }
        // Only Discord's own word counts: a page of a proxy's says nothing of the webhook.
        if [401, 404].contains(answer.status), (try? JSONParser.parse(answer.body))?["code"] != nil { throw .refused }
        _ = try Self.read(answer)
    }

    private func call(
        _ path: String, form: String? = nil, authorization: String? = nil
    ) async throws(DiscordFailure) -> JSONValue {
        try Self.read(try await send(path, form: form, authorization: authorization))
    }

    private func send(
        _ path: String, form: String? = nil, type: String? = nil, authorization: String? = nil
    ) async throws(DiscordFailure) -> HTTPSClient.Incoming {
        var headers = ["Accept: application/json", "User-Agent: DiscordBot (\(site), 1.0)"]
        if let type { headers.append("Content-Type: \(type)") }
        if let authorization { headers.append("Authorization: \(authorization)") }
        do {
            return try await client.send(
                .init(address: base + path, form: form, headers: headers, milliseconds: milliseconds))
        } catch {
            throw .unavailable(error.reason)
        }
    }
}

/// The name of an image at Discord's CDN.
package struct ImageHash: Sendable {
    package let text: String

    /// 32 hexadecimal digits, with `a_` before them where the image moves.
    package init?(_ text: String) {
        let digits = text.hasPrefix("a_") ? text.dropFirst(2) : text[...]
        guard digits.utf8.count == 32, Hex.decode(digits) != nil else { return nil }
        self.text = text
    }
}
