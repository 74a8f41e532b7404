package import Domain
internal import Formats
internal import HTTP

/// The short-lived token of a session: a JWT (RFC 7519) signed with HS256.
///
/// It names the user and the guilds they had when it was issued.
package struct AccessToken: Sendable, Equatable {
    /// 15 minutes.
    package static let lifetime: Int64 = 900
    package static let issuer = "tracking-dashboard"
    package static let audience = "tracking-dashboard-api"
    /// Longest token that is parsed, in bytes.
    static let limit = 8_192
    /// Maximum length in a cookie.
    ///
    /// A longer token is issued without its guild list.
    static let cookieLimit = 3_700

    /// A guild in the token, with Discord's permissions at the time of issue.
    package struct Guild: Sendable, Equatable {
        package let guild: GuildID
        package let client: ClientID
        package let permissions: Permissions

        package init(guild: GuildID, client: ClientID, permissions: Permissions) {
            self.guild = guild
            self.client = client
            self.permissions = permissions
        }
    }

    package let user: UserID
    package let session: SessionID
    package let username: String
    /// The upper bound of the guilds the holder can see.
    ///
    /// Nil if the list is too long for a token; then the server's session data alone decides.
    package let guilds: [Guild]?
    /// Seconds since 1970.
    package let issuedAt: Int64

    package init(user: UserID, session: SessionID, username: String, guilds: [Guild]?, issuedAt: Int64) {
        self.user = user
        self.session = session
        self.username = username
        self.guilds = guilds
        self.issuedAt = issuedAt
    }

    package var expiresAt: Int64 { issuedAt + Self.lifetime }

    // MARK: Signing

    /// The signed token; without the guild list if it would not fit into a cookie.
    package func signed(with keys: Keys) -> String {
        let text = text(guilds: guilds, keys.current)
        return text.utf8.count <= Self.cookieLimit ? text : self.text(guilds: nil, keys.current)
    }

    private func text(guilds: [Guild]?, _ key: Keys.Generation) -> String {
        var claims = ByteWriter()
        writeClaims(guilds, to: &claims)
        let signed = String(decoding: key.tokenHeader, as: UTF8.self) + "." + Base64URL.encode(claims.finish().array)
        return signed + "." + Base64URL.encode(key.accessToken.code(for: signed.utf8))
    }

    private func writeClaims(_ guilds: [Guild]?, to out: inout ByteWriter) {
        out.literal(#"{"iss":"#)
        out.json(Self.issuer)
        out.literal(#","aud":"#)
        out.json(Self.audience)
        out.literal(#","sub":""#)
        out.integer(user.number)
        out.literal(#"","sid":""#)
        out.integer(session.number)
        out.literal(#"","jti":"#)
        out.json(Base64URL.encode(Crypto.random(12)))
        out.literal(#","iat":"#)
        out.integer(issuedAt)
        out.literal(#","exp":"#)
        out.integer(expiresAt)
        out.literal(#","username":"#)
        out.json(username)
        if let guilds { writeGuilds(guilds, to: &out) }
        out.byte(UInt8(ascii: "}"))
    }

    private func writeGuilds(_ guilds: [Guild], to out: inout ByteWriter) {
        out.literal(#","guilds":["#)
        for (index, guild) in guilds.enumerated() {
            if index > 0 { out.byte(UInt8(ascii: ",")) }
            out.literal(#"{"id":""#)
            out.integer(guild.guild.number)
            out.literal(#"","clientId":""#)
            out.integer(guild.client.number)
            out.literal(#"","permissions":""#)
            out.raw(guild.permissions.decimal)
            out.literal(#""}"#)
        }
        out.byte(UInt8(ascii: "]"))
    }
}
