internal import Domain
package import Formats
internal import HTTP
internal import Persistence

/// This application in Discord's developer portal.
package struct DiscordApplication: Sendable {
    package let id: String
    let secret: Secret

    package init(id: String, secret: Secret) {
        self.id = id
        self.secret = secret
    }
}

/// The reason for a failed request to Discord.
package enum DiscordFailure: Error, Equatable, Sendable {
    /// The code or token was used, has expired or was never valid.
    case refused
    /// The application's id or secret is wrong.
    case wrongApplication
    /// Too many requests; Discord tells when to retry.
    case rateLimited(seconds: Int)
    /// Down, unreachable, or an unexpected response.
    case unavailable(String)
}

/// The part of Discord's API that a sign-in needs.
package struct DiscordClient: Sendable {
    package struct Tokens: Sendable {
        package let access: Secret
        package let refresh: Secret?
        package let seconds: Int64
        package let scopes: Set<String>
    }

    package static let scopes = "identify email guilds"

    private let client: HTTPSClient
    /// The address that browsers open to sign in.
    private let authorizeAddress: String
    /// `https://discord.com/api/v10`, or a stand-in.
    private let base: String
    /// For the user agent, because Discord asks for an address there.
    private let site: String
    /// Timeout of one call.
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

    /// The address of Discord's consent page.
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

    /// Exchanges the code of a callback for tokens.
    func exchange(
        _ code: String, verifier: String, redirect: String, _ application: DiscordApplication
    ) async throws(DiscordFailure) -> Tokens {
        let form = FormFields([
            .init("grant_type", "authorization_code"), .init("code", code), .init("redirect_uri", redirect),
            .init("code_verifier", verifier), .init("client_id", application.id),
            .init("client_secret", application.secret.exposed),
        ]).query
        return try tokens(in: try await call("/oauth2/token", form: form))
    }

    /// Exchanges a refresh token for new tokens.
    ///
    /// It is invalid afterwards.
    func renew(_ refresh: String, _ application: DiscordApplication) async throws(DiscordFailure) -> Tokens {
        let form = FormFields([
            .init("grant_type", "refresh_token"), .init("refresh_token", refresh), .init("client_id", application.id),
            .init("client_secret", application.secret.exposed),
        ]).query
        return try tokens(in: try await call("/oauth2/token", form: form))
    }

    /// Revokes all access of this application to the person's Discord account, on all devices.
    func revoke(_ refresh: String, _ application: DiscordApplication) async throws(DiscordFailure) {
        let form = FormFields([
            .init("token", refresh), .init("token_type_hint", "refresh_token"), .init("client_id", application.id),
            .init("client_secret", application.secret.exposed),
        ]).query
        _ = try await call("/oauth2/token/revoke", form: form)
    }

    /// The reason if Discord rejects the application's id and secret; nil if it accepts them.
    package func refusal(of application: DiscordApplication) async -> DiscordFailure? {
        let form = FormFields([.init("grant_type", "client_credentials"), .init("scope", "identify")]).query
        let basic = Self.basic(application.id + ":" + application.secret.exposed)
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
            // Discord's tokens have about 30 bytes.
            access.utf8.count <= 2_000, answer["refresh_token"]?.string?.utf8.count ?? 0 <= 2_000
        else { throw .unavailable("a response without a token") }
        let scopes = Set((answer["scope"]?.string ?? "").split(separator: " ").map(String.init))
        return Tokens(
            access: Secret(access), refresh: answer["refresh_token"]?.string.map { Secret($0) }, seconds: seconds,
            scopes: scopes)
    }

    /// The owner of the token.
    ///
    /// `isVerified`: Discord has verified the e-mail address.
    func person(_ token: String) async throws(DiscordFailure) -> (Person, isVerified: Bool) {
        let answer = try await call("/users/@me", authorization: "Bearer " + token)
        guard let id = answer["id"]?.string.flatMap({ UserID($0) }),
            let name = answer["username"]?.string.flatMap({ NameRule.cleaned($0, 64) })
        else { throw .unavailable("a response without a person") }
        let person = Person(
            id: id, username: name, globalName: answer["global_name"]?.string.flatMap { NameRule.cleaned($0, 64) },
            avatar: answer["avatar"]?.string.flatMap(ImageHash.init)?.text,
            email: answer["email"]?.string.flatMap { Self.whole($0, 320) },
            locale: answer["locale"]?.string.flatMap { Self.whole($0, 16) })
        return (person, answer["verified"]?.bool == true && person.email.map(Self.isEmailAddress) == true)
    }

    /// True if there is text before and after the last `@`, and no spaces or control characters.
    private static func isEmailAddress(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0, at < bytes.count - 1 else { return false }
        return bytes.allSatisfy { $0 > 0x20 && $0 != 0x7f }
    }

    /// The guilds of the token's owner.
    ///
    /// All or none: the person loses access to a guild that is missing from the list.
    ///
    /// - Throws: `unavailable` if the response is not a list, or one of its entries is invalid.
    func guilds(_ token: String) async throws(DiscordFailure) -> [DiscordGuild] {
        let answer = try await call("/users/@me/guilds", authorization: "Bearer " + token)
        guard let items = answer.array else { throw .unavailable("a response without a list") }
        var seen: Set<GuildID> = []
        var guilds: [DiscordGuild] = []
        for item in items.prefix(200) {
            guard let guild = Self.guild(item) else { throw .unavailable("a list with an unreadable entry") }
            if seen.insert(guild.id).inserted { guilds.append(guild) }
        }
        return guilds
    }

    private static func guild(_ item: JSONValue) -> DiscordGuild? {
        guard let id = item["id"]?.string.flatMap({ GuildID($0) }), let name = item["name"]?.string,
            let permissions = item["permissions"]?.string, !permissions.isEmpty, permissions.utf8.allSatisfy(\.isDigit),
            let isOwner = item["owner"]?.bool
        else { return nil }
        return DiscordGuild(
            id: id, name: NameRule.cleaned(name, 100) ?? "Unnamed server",
            icon: item["icon"]?.string.flatMap(ImageHash.init)?.text,
            permissions: Permissions(decimal: permissions), isOwner: isOwner)
    }

    /// nil if it is longer than the limit of the table, in code points.
    private static func whole(_ text: String, _ limit: Int) -> String? {
        text.unicodeScalars.count <= limit ? text : nil
    }

    /// Posts a message that mentions no member, for any text.
    ///
    /// - Throws: `refused` if the webhook was deleted.
    func deliver(_ text: String, to webhook: DiscordWebhook) async throws(DiscordFailure) {
        var json = JSONWriter()
        json.object { json in
            json.string("content", text)
            json.object("allowed_mentions") { json in json.array(key: "parse") { _ in } }
        }
        let body = String(decoding: json.finish().array, as: UTF8.self)
        let answer = try await send(webhook.pathInAPI, form: body, type: "application/json")
        if (200..<300).contains(answer.status) { return }
        // Only Discord's own error code counts, because a proxy's error page does not mean that the webhook was
        // deleted.
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

/// The name of an image on Discord's CDN.
package struct ImageHash: Sendable {
    package let text: String

    /// 32 hexadecimal digits, with the prefix `a_` if the image is animated.
    package init?(_ text: String) {
        let digits = text.hasPrefix("a_") ? text.dropFirst(2) : text[...]
        guard digits.utf8.count == 32, Hex.decode(digits) != nil else { return nil }
        self.text = text
    }
}
