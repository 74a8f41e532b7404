internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The header `If-Match`: the versions that a request accepts to change (RFC 9110, 13.1.1).
enum IfMatch: Equatable, Sendable {
    /// `*`: any version.
    case any
    case versions([Int64])

    /// - Throws: `preconditionRequired` if the header is missing, `malformed` if it is not a list of entity tags.
    init(_ request: Request) throws(Rejection) {
        guard request.headers.contains("if-match") else { throw .preconditionRequired }
        let text = request.headers.all("if-match").joined(separator: ",")
        if text == "*" {
            self = .any
            return
        }
        guard let versions = Self.versions(text) else {
            throw .malformed(.init("If-Match", "must be an ETag such as \"3\", several of them, or *"))
        }
        self = .versions(versions)
    }

    /// The versions that the request accepts to change; all versions if the header is missing.
    ///
    /// - Throws: `malformed` if the header is not a list of entity tags.
    static func versions(ifSaid request: Request) throws(Rejection) -> Versions {
        guard request.headers.contains("if-match") else { return .all }
        switch try IfMatch(request) {
        case .any: return .all
        case .versions(let versions): return .only(versions)
        }
    }

    /// Only tags that this service could have made: a weak tag never matches, nor does a tag that is not a number.
    private static func versions(_ text: String) -> [Int64]? {
        var rest = Array(text.utf8)[...]
        var versions: [Int64] = []
        while true {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == 9 }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            let tag = rest.prefix { $0 != UInt8(ascii: "\"") }
            guard tag.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
            rest = rest[tag.endIndex...]
            guard rest.popFirst() != nil else { return nil }
            if !isWeak, let version = WholeNumber.parse(tag) { versions.append(version) }
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == 9 }
            guard let next = rest.popFirst() else { return versions }
            guard next == UInt8(ascii: ",") else { return nil }
        }
    }

    func matches(_ version: Int64) -> Bool {
        switch self {
        case .any: true
        case .versions(let versions): versions.contains(version)
        }
    }
}

extension Response {
    /// Adds the version as a strong entity tag.
    func tagged(_ version: Int64) -> Response {
        var copy = self
        copy.add("ETag", text: "\"\(version)\"")
        return copy
    }
}
