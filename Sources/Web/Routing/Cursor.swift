internal import Domain

/// Where a list goes on: opaque to clients, and good only for the list, filters, order and tenant that it was made for.
package struct Cursor: Sendable, Equatable {
    /// The key of the last row shown, as the list sorts.
    package enum Key: Sendable, Equatable {
        case integer(Int64)
        case text(String)
    }

    package let key: Key
    package let id: Int64

    package init(key: Key, id: Int64) {
        self.key = key
        self.id = id
    }

    /// The context names list, filters, order and tenant, so that another one's cursor is told from this.
    func text(for context: String, keys: Keys) -> String {
        var payload: [UInt8] = []
        switch key {
        case .integer(let number):
            payload.append(0)
            payload += Self.bytes(id) + Self.bytes(number)
        case .text(let text):
            payload.append(1)
            payload += Self.bytes(id) + Array(text.utf8)
        }
        return Base64URL.encode(Self.code(payload, context, keys.current) + payload)
    }

    static func parse(_ text: String, for context: String, keys: Keys) throws(Rejection) -> Cursor {
        let refusal = Rejection.malformed(.init("cursor", "is not one that this list gave for these filters"))
        guard text.utf8.count <= 2_000, let bytes = Base64URL.decode(text), bytes.count > 17 else { throw refusal }
        let payload = Array(bytes.dropFirst(8))
        guard keys.all.contains(where: { Crypto.areEqual(code(payload, context, $0), bytes.prefix(8)) }) else {
            throw refusal
        }
        let id = number(payload[1..<9])
        let rest = payload[9...]
        if payload[0] == 0, rest.count == 8 { return Cursor(key: .integer(number(rest)), id: id) }
        return Cursor(key: .text(String(decoding: rest, as: UTF8.self)), id: id)
    }

    private static func code(_ payload: [UInt8], _ context: String, _ key: Keys.Generation) -> [UInt8] {
        Array(key.cursor.code(for: Array(context.utf8) + [0] + payload).prefix(8))
    }

    private static func bytes(_ number: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> Int64($0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(0) { $0 << 8 | Int64($1) } }
}

extension QueryParameter<String> {
    static let cursor = QueryParameter.text("cursor", maximum: 2_000, "Where to go on: `nextCursor` of the page before")
}

extension QueryParameter<Int> {
    static let limit = QueryParameter.integer("limit", 1...100, "Items on a page; 50 unless told otherwise")
}
