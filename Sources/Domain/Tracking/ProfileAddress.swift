internal import Formats

/// The web address of an account's profile, safe in a link.
package enum ProfileAddress {
    /// Maximum bytes, as for links on pages.
    package static let maximalLength = 2_000

    /// An `https://` or `http://` address of printable ASCII with a host name: no user and password, no IP address.
    package static func clean(_ text: String) throws(TextRule.Fault) -> String {
        let address = try TextRule.line(maximalLength).clean(text)
        guard let rest = withoutScheme(Array(address.utf8)[...]) else {
            throw TextRule.Fault(message: "must begin with https:// or http://.")
        }
        guard rest.allSatisfy(isAllowed) else {
            throw TextRule.Fault(
                message: "must have no spaces, quotes or letters beyond ASCII: copy it from the browser.")
        }
        guard isHost(rest.prefix { !"/?#".utf8.contains($0) }) else {
            throw TextRule.Fault(message: "must name a site, such as https://www.example.com/name.")
        }
        return address
    }

    private static func withoutScheme(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for scheme in ["https://", "http://"] where bytes.starts(with: scheme.utf8) {
            return bytes.dropFirst(scheme.utf8.count)
        }
        return nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"\"<>\\^`{|}".utf8.contains(byte)
    }

    /// At least two labels of letters, digits and hyphens, and an optional port.
    private static func isHost(_ authority: ArraySlice<UInt8>) -> Bool {
        let parts = authority.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.first, name.count <= 253 else { return false }
        if parts.count == 2 {
            guard let port = WholeNumber.parse(parts[1]), (1...65_535).contains(port) else { return false }
        }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, last.contains(where: \.isASCIILetter) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { $0.isDigit || $0.isASCIILetter || $0 == UInt8(ascii: "-") }
        }
    }
}
