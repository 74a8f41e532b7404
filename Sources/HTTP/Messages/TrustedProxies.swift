internal import Formats

/// The proxies before this service whose `X-Forwarded-For` is trusted.
package struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]

    package init(_ ranges: [AddressRange] = []) { self.ranges = ranges }

    /// The address of the client.
    ///
    /// Each proxy appends to the right of `X-Forwarded-For`. It is read from the right, as long as the writer of an
    /// entry is trusted. Entries further left may be forged.
    package func client(of peer: IPAddress, _ headers: HeaderFields) -> IPAddress {
        guard isTrusted(peer) else { return peer }
        var client = peer
        for line in headers.values("x-forwarded-for").reversed() {
            for entry in line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).reversed() {
                // Not an address, such as `unknown`: use the last known one.
                guard let address = Self.address(entry) else { return client }
                client = address
                if !isTrusted(address) { return client }
            }
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// An address as proxies write it: some add the port, and brackets if it is IPv6.
    private static func address(_ entry: ArraySlice<UInt8>) -> IPAddress? {
        // The longest address with brackets and port has 53 bytes.
        guard let text = String(validating: entry.trimmingSpaces, as: UTF8.self), text.utf8.count <= 54 else {
            return nil
        }
        if let address = IPAddress(text) { return address }
        guard let colon = text.lastIndex(of: ":") else { return unbracketed(text[...]) }
        let port = WholeNumber.parse(text[text.index(after: colon)...])
        if let port, (1...65_535).contains(port), text[..<colon].last == "]" || !text[..<colon].contains(":") {
            return unbracketed(text[..<colon])
        }
        return unbracketed(text[...])
    }

    private static func unbracketed(_ text: Substring) -> IPAddress? {
        guard text.first == "[" else { return IPAddress(text) }
        guard text.last == "]", text.contains(":") else { return nil }
        return IPAddress(text.dropFirst().dropLast())
    }
}

extension ArraySlice<UInt8> {
    fileprivate var trimmingSpaces: ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }
}
