internal import Domain
internal import Formats
internal import HTTP
internal import Web

/// An address without a path: scheme, host and port.
enum Origin {
    /// The origin as browsers write it; nil for any other text.
    static func parse(_ text: String) -> String? {
        var text = text
        if text.hasSuffix("/") { text.removeLast() }
        // Browsers omit the default port.
        if text.hasPrefix("https://"), text.hasSuffix(":443") { text.removeLast(4) }
        if text.hasPrefix("http://"), text.hasSuffix(":80") { text.removeLast(3) }
        let rest = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
        return isAuthority(rest) ? text : nil
    }

    /// A host, in brackets if it is an IPv6 address, and a port.
    private static func isAuthority(_ text: Substring) -> Bool {
        var host = text
        if let colon = text.lastIndex(of: ":"), text.last != "]" {
            let port = WholeNumber.parse(text[text.index(after: colon)...])
            guard let port, (1...65_535).contains(port) else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.contains(":") && host == host.lowercased() && IPAddress(host.dropFirst().dropLast()) != nil
        }
        return isHostName(host)
    }

    /// Letters, digits and hyphens between dots, a hyphen at neither end (RFC 1123, 2.1).
    private static func isHostName(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                let hyphen = UInt8(ascii: "-")
                return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == hyphen }
            }
    }
}
