internal import Formats

/// One request, parsed only as far as HTTP defines.
package struct Request: Sendable {
    package enum Method: String, Sendable, CaseIterable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case options = "OPTIONS"
    }

    package var method: Method
    /// Handled like a `GET`, without a response body.
    package var isHead = false
    /// As sent, %-escapes included, without the query.
    package var path: String
    /// The part after the `?`, as sent.
    package var query: String
    package var headers: HeaderFields
    package var body: [UInt8] = []
    /// SHA-256 of the body, computed while it was received; nil if the endpoint does not need it.
    package var bodyDigest: [UInt8]?
    /// The other end of the connection: the client or a proxy.
    package var peer: IPAddress
    /// The client's address as reported by trusted proxies; without them the peer.
    package var client: IPAddress
    /// Shown in the log, in `X-Request-Id` and on error pages.
    package var id: String
    package var received = ContinuousClock.now

    /// True if the target ended in a `?` with nothing after it.
    package var endsInQuestionMark = false

    /// Path and query.
    package var address: String { query.isEmpty ? path : "\(path)?\(query)" }

    /// The target of the request line, byte for byte.
    package var target: String { endsInQuestionMark ? path + "?" : address }

    /// The method of the request line.
    package var sentMethod: String { isHead ? "HEAD" : method.rawValue }

    package init(
        _ method: Method, path: String, query: String = "", headers: HeaderFields = HeaderFields(),
        peer: IPAddress = .loopback, id: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.peer = peer
        client = peer
        self.id = id
    }
}

/// The header lines of a request, in order, in one block of memory.
package struct HeaderFields: Sendable {
    private var bytes: [UInt8] = []
    private var fields: [(name: Range<Int>, value: Range<Int>)] = []

    package init() {}

    package init(_ pairs: [(String, String)]) {
        for (name, value) in pairs { append(name: Array(name.utf8).span, value: Array(value.utf8).span) }
    }

    package var isEmpty: Bool { fields.isEmpty }

    /// Number of lines.
    package var lineCount: Int { fields.count }

    /// Bytes of all names and values together.
    package var size: Int { bytes.count }

    /// Whether all names are tokens (RFC 9110, 5.6.2): no blank before the colon, and no folded line taken for a field.
    package var hasTokensAsNames: Bool {
        let bytes = bytes.span
        for field in fields {
            if field.name.isEmpty { return false }
            for index in field.name where !Self.isOfToken(bytes[index]) { return false }
        }
        return true
    }

    /// A bit for each ASCII character: letters, digits and the marks of a token.
    ///
    /// Every header of every request is looked at.
    private static func isOfToken(_ byte: UInt8) -> Bool {
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && (byte < 64 ? low : high) & (1 << UInt64(byte & 63)) != 0
    }

    /// Whether a name or value has a control character other than a tab.
    package var hasControlCharacter: Bool {
        let bytes = bytes.span
        for index in bytes.indices where (bytes[index] < 32 && bytes[index] != 9) || bytes[index] == 127 { return true }
        return false
    }

    package mutating func append(name: Span<UInt8>, value: Span<UInt8>) {
        if bytes.isEmpty { bytes.reserveCapacity(1_024) }
        let start = bytes.count
        for index in name.indices { bytes.append(name[index]) }
        let middle = bytes.count
        unsafe value.withUnsafeBufferPointer { unsafe bytes += $0 }
        fields.append((start..<middle, middle..<bytes.count))
    }

    /// The value of a header that came exactly once.
    package func only(_ name: StaticString) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        for field in fields where matches(field.name, name) {
            if found != nil { return nil }
            found = bytes[field.value]
        }
        return found
    }

    package func count(_ name: StaticString) -> Int { fields.count { matches($0.name, name) } }

    package func contains(_ name: StaticString) -> Bool { fields.contains { matches($0.name, name) } }

    /// The value as text; nil if the header is missing, repeated or not UTF-8.
    package func text(_ name: StaticString) -> String? {
        only(name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// All values of a header that may be repeated.
    package func all(_ name: StaticString) -> [String] {
        fields.filter { matches($0.name, name) }.compactMap { String(validating: bytes[$0.value], as: UTF8.self) }
    }

    /// The bytes of all values of a header that may be repeated, in order.
    package func values(_ name: StaticString) -> [ArraySlice<UInt8>] {
        fields.filter { matches($0.name, name) }.map { bytes[$0.value] }
    }

    /// `name` in lower case.
    private func matches(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            for offset in 0..<range.count {
                let byte = bytes[range.lowerBound + offset]
                let lower = byte >= 65 && byte <= 90 ? byte | 32 : byte
                if unsafe lower != expected[offset] { return false }
            }
            return true
        }
    }
}
