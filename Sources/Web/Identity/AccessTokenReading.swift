internal import Domain
internal import Formats
internal import HTTP

extension AccessToken {
    /// Parses a token.
    ///
    /// Nil unless one of these keys signed it and it is valid now.
    ///
    /// The signature is checked before any of the content is used. A header that names another algorithm than HS256 is
    /// rejected.
    ///
    /// Times are in seconds since 1970.
    package init?(_ text: ArraySlice<UInt8>, keys: Keys, now: Int64) {
        guard text.count <= Self.limit, let parts = Self.split(text) else { return nil }
        guard let key = Self.key(of: parts.header, keys),
            let code = Base64URL.decode(parts.code), Crypto.areEqual(code, key.accessToken.code(for: parts.signed)),
            let claims = Self.json(parts.claims)
        else { return nil }
        self.init(claims: claims, now: now)
    }

    /// The key that the header names.
    ///
    /// Our own header has one spelling, which is compared without parsing; another issuer may share our secret.
    private static func key(of header: ArraySlice<UInt8>, _ keys: Keys) -> Keys.Generation? {
        if let key = keys.all.first(where: { header.elementsEqual($0.tokenHeader) }) { return key }
        guard let header = json(header), header["alg"]?.string == "HS256", isTypeKnown(header["typ"]),
            // It lists extensions that the reader must understand (RFC 7515, 4.1.11); none is supported.
            header["crit"] == nil
        else { return nil }
        return header["kid"]?.string.flatMap(keys.generation)
    }

    /// A JWT of another type than access token has another purpose (RFC 8725, 3.11).
    private static func isTypeKnown(_ type: JSONValue?) -> Bool {
        type.map { ["JWT", "at+jwt"].contains($0.string) } ?? true
    }

    private static func split(
        _ text: ArraySlice<UInt8>
    ) -> (header: ArraySlice<UInt8>, claims: ArraySlice<UInt8>, signed: ArraySlice<UInt8>, code: ArraySlice<UInt8>)? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return (parts[0], parts[1], text[text.startIndex..<parts[1].endIndex], parts[2])
    }

    private static func json(_ part: ArraySlice<UInt8>) -> JSONValue? {
        Base64URL.decode(part).flatMap { try? JSONParser.parse($0) }
    }

    private init?(claims: JSONValue, now: Int64) {
        guard claims["iss"]?.string == Self.issuer, claims["aud"]?.string == Self.audience,
            let user = claims["sub"]?.string.flatMap({ UserID($0) }),
            let session = claims["sid"]?.string.flatMap({ SessionID($0) }),
            let issuedAt = claims["iat"]?.int64, let expiresAt = claims["exp"]?.int64,
            // Clocks of two machines that share a database may differ by a few seconds.
            issuedAt <= now + 30, expiresAt > now, expiresAt == issuedAt + Self.lifetime,
            // Our tokens have no `nbf`, so it needs no clock tolerance.
            Self.isPast(claims["nbf"], now: now), let username = claims["username"]?.string
        else { return nil }
        var guilds: [Guild]?
        if let list = claims["guilds"] {
            guard let items = list.array else { return nil }
            guilds = items.compactMap(Self.guild)
            if guilds?.count != items.count { return nil }
        }
        self.init(user: user, session: session, username: username, guilds: guilds, issuedAt: issuedAt)
    }

    private static func isPast(_ notBefore: JSONValue?, now: Int64) -> Bool {
        guard let notBefore else { return true }
        return notBefore.int64.map { $0 <= now } ?? false
    }

    private static func guild(_ item: JSONValue) -> Guild? {
        guard let guild = item["id"]?.string.flatMap({ GuildID($0) }),
            let client = item["clientId"]?.string.flatMap({ ClientID($0) }),
            let permissions = item["permissions"]?.string
        else { return nil }
        return Guild(guild: guild, client: client, permissions: Permissions(decimal: permissions))
    }
}
