internal import CMicroHTTPD
internal import Formats
internal import Glibc

/// An IPv4 or IPv6 address.
///
/// IPv4 is stored as an IPv4-mapped IPv6 address.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The upper and lower 64 bits.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static let loopback = IPAddress(v4: 0x7f00_0001)

    package init(v4 address: UInt32) { self.init(high: 0, low: 0xffff_0000_0000 | UInt64(address)) }

    package var isV4: Bool { high == 0 && low >> 32 == 0xffff }

    package var isLoopback: Bool { isV4 ? low & 0xff00_0000 == 0x7f00_0000 : high == 0 && low == 1 }

    /// Strict text form, without a zone or port.
    package init?(_ text: some StringProtocol) {
        // C would stop reading at a NUL.
        guard !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        if unsafe inet_pton(AF_INET, String(text), &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard unsafe inet_pton(AF_INET6, String(text), &v6) == 1 else { return nil }
        self = unsafe withUnsafeBytes(of: &v6) { unsafe IPAddress(networkOrder: $0) }
    }

    private init(networkOrder bytes: UnsafeRawBufferPointer) {
        self.init(
            high: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            low: unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }

    /// The address of the peer.
    init?(_ address: UnsafePointer<sockaddr>?) {
        guard let address = unsafe address else { return nil }
        switch unsafe Int32(address.pointee.sa_family) {
        case AF_INET:
            let v4 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
            self.init(v4: UInt32(bigEndian: v4.sin_addr.s_addr))
        case AF_INET6:
            var v6 = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self)
            self = unsafe withUnsafeBytes(of: &v6.sin6_addr) { unsafe IPAddress(networkOrder: $0) }
        default: return nil
        }
    }

    package var description: String {
        if isV4 { return [24, 16, 8, 0].map { "\(low >> $0 & 255)" }.joined(separator: ".") }
        var parts: [String] = []
        for word in [high, low] {
            for shift in [48, 32, 16, 0] { parts.append(String(word >> UInt64(shift) & 0xffff, radix: 16)) }
        }
        return parts.joined(separator: ":")
    }

    /// The address without the part that identifies a household or device: the last byte of IPv4, or all below the /64
    /// of IPv6.
    package var masked: String {
        let parts = description.split(separator: isV4 ? "." : ":")
        return isV4 ? parts[..<3].joined(separator: ".") + ".•••" : parts[..<4].joined(separator: ":") + ":••••"
    }
}
