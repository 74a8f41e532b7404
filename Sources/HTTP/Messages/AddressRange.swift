internal import Formats

/// Addresses that begin with the same bits: `10.0.0.0/8`, `fd00::/8`, or one address alone.
package struct AddressRange: Sendable, Equatable {
    private let first: IPAddress
    private let mask: IPAddress
    /// `::/0` holds no IPv4 address, although those are kept in a form of IPv6.
    private let isV4: Bool

    /// Nil for invalid addresses, and for a prefix length that would leave only zero bits.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        let isShort = !parts[0].contains(":")
        let width: Int64 = isShort ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let number = WholeNumber.parse(parts[1]), (0...width).contains(number) else { return nil }
            length = number
        }
        let bits = Int(isShort ? length + 96 : length)
        mask = IPAddress(high: Self.ones(min(bits, 64)), low: Self.ones(max(0, bits - 64)))
        guard address.high & ~mask.high == 0, address.low & ~mask.low == 0 else { return nil }
        first = address
        isV4 = address.isV4 && bits >= 96
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.isV4 == isV4 && address.high & mask.high == first.high && address.low & mask.low == first.low
    }

    private static func ones(_ count: Int) -> UInt64 { count == 0 ? 0 : ~0 << UInt64(64 - count) }
}

extension IPAddress {
    /// The network of one household or server: an IPv4 address, or the first 64 bits of an IPv6 address.
    package var network: IPAddress { isV4 ? self : IPAddress(high: high, low: 0) }
}
