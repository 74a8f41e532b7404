/// A name of the IANA time zone database, such as `America/Argentina/Ushuaia`, safe to use as a path below its
/// directory.
///
/// Only the syntax is checked; opening its file shows if the zone exists.
package struct TimeZoneName: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// One to three segments of `[A-Za-z0-9_+-]` joined by `/`, none beginning with `-`, 64 bytes at most.
    ///
    /// Dots, empty segments and a leading `/` are rejected, so the path cannot leave the directory.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let segments = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard bytes.count <= 64, segments.count <= 3, segments.allSatisfy(Self.isSegment) else { return nil }
        description = String(text)
    }

    private init(known: String) { description = known }

    package static let utc = TimeZoneName(known: "UTC")

    /// True if the name means the same on every machine, and is a zone of a real place.
    package var isOfPlace: Bool {
        !["localtime", "posixrules", "Factory"].contains(description)
            && !description.hasPrefix("posix/") && !description.hasPrefix("right/")
    }

    private static func isSegment(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "-") else { return false }
        return bytes.allSatisfy { byte in
            byte.isASCIILetter || byte.isDigit
                || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte)
        }
    }
}
