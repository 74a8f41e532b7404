@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Persistence
@testable import Web

extension FuzzTarget {
    private static let keys = Keys(
        current: [UInt8](repeating: 7, count: 64), previous: [UInt8](repeating: 8, count: 64))

    static let cookies = FuzzTarget("cookies") { bytes in
        var input = Input(bytes)
        let headers = HeaderFields(input.lines().map { ("Cookie", text($0)) })
        let cookies = Cookies(headers)
        for name in ["dashboard_access", "__Host-dashboard_access", "a", ""] {
            guard let value = try? cookies.value(name) else { continue }
            check(!value.utf8.contains(UInt8(ascii: ";")), "a cookie ends at a semicolon")
        }
    }

    /// Tokens as they are sent, claims that our own key signed, and tokens of ours with a byte changed.
    static let tokens = FuzzTarget("tokens") { bytes in
        let now: Int64 = 1_800_000_000
        check(AccessToken(bytes[...], keys: keys, now: now) == nil, "no invented access token is taken")
        check(RefreshToken(text(bytes), keys: keys) == nil, "no invented refresh token is taken")
        check(!FormToken.isValid(text(bytes), for: SessionID(number: 1), keys: keys), "no invented form token is taken")
        let key = keys.current
        let signed = text(key.tokenHeader) + "." + Base64URL.encode(bytes)
        let whole = signed + "." + Base64URL.encode(key.accessToken.code(for: signed.utf8))
        if let token = AccessToken(whole.bytes[...], keys: keys, now: now) {
            check(token.issuedAt <= now + 30 && token.expiresAt > now, "a token's time is now")
            check(token.user.number > 0 && token.session.number > 0, "ids are positive")
        }
        var input = Input(bytes)
        let original = RefreshToken.first(of: SessionID(number: max(1, input.integer())), keys: keys)
        check(RefreshToken(original.text, keys: keys) == original, "a refresh token is read as it was made")
        var changed = original.text.bytes
        changed[Int(input.byte()) % changed.count] = input.byte()
        check(RefreshToken(text(changed), keys: keys).map { $0 == original } ?? true, "no changed token is taken")
    }

    static let cursors = FuzzTarget("cursors") { bytes in
        check((try? Cursor.parse(text(bytes), for: "a", keys: keys)) == nil, "no invented cursor is taken")
        var input = Input(bytes)
        let (isText, id, number, at, byte) = (
            input.byte() & 1 == 1, input.integer(), input.integer(), input.byte(), input.byte()
        )
        let name = text(input.all())
        let position = Position(key: isText ? .text(String(name.prefix(300))) : .integer(number), id: id)
        let cursor = Cursor.text(position, for: "a\n\(number)", keys: keys)
        guard cursor.utf8.count <= 2_000 else { return }
        let read = try? Cursor.parse(cursor, for: "a\n\(number)", keys: keys)
        check(read == position, "a cursor is read as the position it was made from")
        check((try? Cursor.parse(cursor, for: "b\n\(number)", keys: keys)) == nil, "a cursor holds for one list")
        var changed = cursor.bytes
        changed[Int(at) % changed.count] = byte
        guard changed != cursor.bytes else { return }
        check((try? Cursor.parse(text(changed), for: "a\n\(number)", keys: keys)) == nil, "no changed cursor is taken")
    }
}
