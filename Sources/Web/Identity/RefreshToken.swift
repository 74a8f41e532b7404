package import Domain
internal import Formats
internal import HTTP

/// The long-lived token of a session: used once, then replaced by its child.
///
/// 60 bytes: session (8), generation (4), secret (32), authentication code (16). The code rejects a forged token
/// without a database query. The database stores only a hash.
package struct RefreshToken: Sendable, Equatable {
    package let session: SessionID
    package let generation: UInt32
    private let secret: [UInt8]
    private let code: [UInt8]
    /// The keys that made the code.
    private let maker: Keys.Generation

    /// The first token of a session.
    package static func first(of session: SessionID, keys: Keys) -> RefreshToken {
        RefreshToken(session: session, generation: 0, secret: Crypto.random(32), key: keys.current)
    }

    private init(session: SessionID, generation: UInt32, secret: [UInt8], key: Keys.Generation) {
        self.session = session
        self.generation = generation
        self.secret = secret
        maker = key
        code = Self.code(session, generation, secret, key)
    }

    /// Nil unless one of these keys made the token.
    package init?(_ text: some StringProtocol, keys: Keys) {
        guard text.utf8.count == 80, let bytes = Base64URL.decode(text), bytes.count == 60 else { return nil }
        let number = bytes[0..<8].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        session = SessionID(number: number)
        generation = bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
        secret = Array(bytes[12..<44])
        code = Array(bytes[44..<60])
        let (session, generation, secret, code) = (session, generation, secret, code)
        guard number > 0,
            let key = keys.all.first(where: { Crypto.areEqual(Self.code(session, generation, secret, $0), code) })
        else { return nil }
        maker = key
    }

    /// The tokens that may follow this one; the first is used if none has followed yet.
    ///
    /// Derived, not random: two tabs that use the same token at once get the same child, although only hashes are
    /// stored. There is one child for each key, with this token's own key first, because the keys may be rotated
    /// between the two uses, and processes may learn of it at different times.
    package func children(keys: Keys) -> [RefreshToken] {
        ([maker] + keys.all.filter { $0.id != maker.id }).map { key in
            let next = key.refreshChild.code(for: secret)
            return RefreshToken(session: session, generation: generation &+ 1, secret: next, key: keys.current)
        }
    }

    package static func == (one: RefreshToken, other: RefreshToken) -> Bool { one.text == other.text }

    package var text: String { Base64URL.encode(head + code) }

    /// The database stores this hash.
    package var hash: [UInt8] { Crypto.sha256(head) }

    private var head: [UInt8] { Self.head(session, generation, secret) }

    private static func head(_ session: SessionID, _ generation: UInt32, _ secret: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: session.number >> shift))
        }
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: generation >> shift))
        }
        return bytes + secret
    }

    private static func code(
        _ session: SessionID, _ generation: UInt32, _ secret: [UInt8], _ key: Keys.Generation
    ) -> [UInt8] {
        Array(key.refreshToken.code(for: head(session, generation, secret)).prefix(16))
    }
}
