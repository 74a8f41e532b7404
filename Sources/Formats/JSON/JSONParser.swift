/// Parses JSON (RFC 8259) strictly, in one pass over the bytes.
///
/// Only UTF-8 without a byte order mark. Also rejected: more than 32 levels, a repeated member (parsers differ in which
/// one counts), lone surrogates and U+0000 (PostgreSQL's text holds neither).
package struct JSONParser {
    package static let maximalDepth = 32

    package let bytes: [UInt8]
    package var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        guard parser.position == bytes.count else { throw parser.expected("the end") }
        return value
    }

    package func expected(_ what: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, expected: what) }

    package var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// A value and the space around it.
    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        let value: JSONValue
        switch next {
        case UInt8(ascii: "{"): value = .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): value = .array(try items(depth: depth + 1))
        case UInt8(ascii: "\""): value = .string(try string())
        case UInt8(ascii: "t"): value = try word("true", .bool(true))
        case UInt8(ascii: "f"): value = try word("false", .bool(false))
        case UInt8(ascii: "n"): value = try word("null", .null)
        case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): value = .number(try number())
        default: throw expected("a value")
        }
        skipSpace()
        return value
    }

    private mutating func skipSpace() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    }

    package mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for byte in "\(word)".utf8 {
            guard take(byte) else { throw expected("\(word)") }
        }
        return value
    }

    private mutating func open(depth: Int) throws(JSONSyntaxError) {
        guard depth <= Self.maximalDepth else { throw expected("at most \(Self.maximalDepth) levels") }
        position += 1
        skipSpace()
    }

    private mutating func items(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        try open(depth: depth)
        if take(UInt8(ascii: "]")) { return [] }
        var items: [JSONValue] = []
        repeat { items.append(try value(depth: depth)) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw expected("a comma or ]") }
        return items
    }

    private mutating func members(depth: Int) throws(JSONSyntaxError) -> [JSONValue.Member] {
        try open(depth: depth)
        if take(UInt8(ascii: "}")) { return [] }
        var members: [JSONValue.Member] = []
        var names = NameSet()
        repeat {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw expected("a name in quotes") }
            let name = try string()
            guard names.insert(name) else {
                throw JSONSyntaxError(offset: start, expected: "each name once, and “\(name.prefix(50))” came again")
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw expected("a colon") }
            members.append(JSONValue.Member(name, try value(depth: depth)))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw expected("a comma or }") }
        return members
    }
}

/// The names of one object, compared by their bytes.
private struct NameSet {
    private var few: [String] = []
    private var many: Set<[UInt8]> = []

    /// False if the name exists already.
    mutating func insert(_ name: String) -> Bool {
        if many.isEmpty {
            guard !few.contains(where: { $0.hasSameBytes(as: name) }) else { return false }
            few.append(name)
            // Linear search is fastest for a usual object, but quadratic for a large one, which an attacker could send.
            if few.count == 16 { many = Set(few.map { Array($0.utf8) }) }
            return true
        }
        return many.insert(Array(name.utf8)).inserted
    }
}
