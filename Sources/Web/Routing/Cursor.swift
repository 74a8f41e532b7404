internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A position in a list as text: opaque to clients, and valid only for its context.
enum Cursor {
    /// The context names list, filters, order and tenant, so that a cursor from elsewhere is rejected.
    static func text(_ position: Position, for context: String, keys: Keys) -> String {
        var payload: [UInt8]
        switch position.key {
        case .integer(let number): payload = [0] + bytes(position.id) + bytes(number)
        case .text(let text): payload = [1] + bytes(position.id) + Array(text.utf8)
        }
        // Behind the kind, if there is something to say: the count, and in the kind that the page is before the place.
        if position.isBefore || position.rowsBefore > 0 {
            payload[0] |= position.isBefore ? 6 : 2
            payload.insert(contentsOf: bytes(position.rowsBefore), at: 1)
        }
        return Base64URL.encode(code(payload, context, keys.current) + payload)
    }

    /// - Throws: `malformed` unless the text was issued for this context.
    static func parse(_ text: String, for context: String, keys: Keys) throws(Rejection) -> Position {
        let refusal = Rejection.malformed(.init("cursor", "is not valid for this list and these filters"))
        guard text.utf8.count <= 2_000, let bytes = Base64URL.decode(text), bytes.count >= 17 else { throw refusal }
        var payload = Array(bytes.dropFirst(8))
        guard keys.all.contains(where: { Crypto.areEqual(code(payload, context, $0), bytes.prefix(8)) }) else {
            throw refusal
        }
        let kind = payload[0]
        var rowsBefore: Int64 = 0
        if kind & 2 != 0, payload.count >= 17 {
            rowsBefore = number(payload[1..<9])
            payload.removeSubrange(1..<9)
        }
        let id = number(payload[1..<9])
        let rest = payload[9...]
        let key: Position.Key =
            kind & 1 == 0 && rest.count == 8
            ? .integer(number(rest)) : .text(String(decoding: rest, as: UTF8.self))
        return Position(key: key, id: id, isBefore: kind & 4 != 0, rowsBefore: rowsBefore)
    }

    private static func code(_ payload: [UInt8], _ context: String, _ key: Keys.Generation) -> [UInt8] {
        Array(key.cursor.code(for: Array(context.utf8) + [0] + payload).prefix(8))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Int64($0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
}
