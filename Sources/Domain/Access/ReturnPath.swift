internal import Formats

/// A path on this site to return to after sign-in, safe in a `Location` header.
///
/// Browsers follow `//host`, `/\host` and `/<TAB>/host` to another site. So allowed bytes are listed, not forbidden
/// ones.
package struct ReturnPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package static let home = ReturnPath(known: "/")

    private init(known: String) { description = known }

    /// The path with its query: at most 2,000 bytes of `[A-Za-z0-9/_?=&.%-]`.
    ///
    /// Nil for other text, for an empty or dot segment in the path, and for an escape that hides a control character, a
    /// backslash, a slash, dot or percent sign of the path, or a `//` of the query.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 2_000, bytes.first == Self.slash, bytes.allSatisfy(Self.isAllowed) else { return nil }
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        let query = bytes[path.endIndex...]
        guard Self.hasPlainSegments(path), let shownPath = PercentCoding.decode(path),
            let shownQuery = PercentCoding.decode(query),
            shownPath.allSatisfy(Self.isHarmless), shownQuery.allSatisfy(Self.isHarmless),
            Self.hasSameSteering(path, shownPath), !Self.hasTwoSlashes(shownQuery)
        else { return nil }
        description = String(text)
    }

    private static let slash = UInt8(ascii: "/")
    private static let percent = UInt8(ascii: "%")

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isASCIILetter || "/_?=&.%-".utf8.contains(byte)
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != UInt8(ascii: "\\")
    }

    /// No `//`, which would start a host, and no `.` and `..`, which browsers remove.
    private static func hasPlainSegments(_ path: ArraySlice<UInt8>) -> Bool {
        let segments = path.dropFirst().split(separator: slash, omittingEmptySubsequences: false)
        return segments.enumerated().allSatisfy { number, segment in
            // Only the last segment may be empty: `/` and `/guilds/`.
            segment.isEmpty ? number == segments.count - 1 : !segment.allSatisfy { $0 == UInt8(ascii: ".") }
        }
    }

    /// True if no slash, dot or percent sign is escaped, because a proxy could decode it.
    private static func hasSameSteering(_ path: ArraySlice<UInt8>, _ decoded: [UInt8]) -> Bool {
        let plain = path.count { $0 == slash || $0 == UInt8(ascii: ".") }
        return decoded.count { $0 == slash || $0 == UInt8(ascii: ".") || $0 == percent } == plain
    }

    /// A query like `?next=//host` could become the return path of another sign-in.
    private static func hasTwoSlashes(_ bytes: [UInt8]) -> Bool {
        zip(bytes, bytes.dropFirst()).contains { $0 == slash && $1 == slash }
    }
}
