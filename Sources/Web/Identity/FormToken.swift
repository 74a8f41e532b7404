internal import Domain
internal import Formats
internal import HTTP

/// The CSRF token of forms and scripts: bound to the session and different on each page.
struct FormToken {
    static let field = "_csrf"
    static let header: StaticString = "x-csrf-token"

    /// 16 random bytes and a MAC over them and the session, so that no two pages contain the same text.
    static func make(for session: SessionID, keys: Keys) -> String {
        let nonce = Crypto.random(16)
        return Base64URL.encode(nonce + code(nonce, session, keys.current))
    }

    /// Nil for bearer tokens: a browser does not attach them automatically, so there is no CSRF risk.
    static func forPages(of session: Session, keys: Keys) -> String? {
        session.credential == .cookie ? make(for: session.id, keys: keys) : nil
    }

    static func isValid(_ text: some StringProtocol, for session: SessionID, keys: Keys) -> Bool {
        guard text.utf8.count == 43, let bytes = Base64URL.decode(text), bytes.count == 32 else {
            return false
        }
        let nonce = Array(bytes.prefix(16))
        return keys.all.contains { Crypto.areEqual(code(nonce, session, $0), bytes.suffix(16)) }
    }

    private static func code(_ nonce: [UInt8], _ session: SessionID, _ key: Keys.Generation) -> [UInt8] {
        Array(key.form.code(for: nonce + Array(session.description.utf8)).prefix(16))
    }
}
