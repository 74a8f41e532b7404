@testable import Domain
@testable import Formats
@testable import HTTP
@testable import Web

extension FuzzTarget {
    /// A first line of trusted ranges, a second that is the peer; the others are lines of `X-Forwarded-For`.
    static let addresses = FuzzTarget("addresses") { bytes in
        var input = Input(bytes)
        let ranges = input.line().split(separator: UInt8(ascii: ",")).compactMap { inspectRange(text($0)) }
        let peer = inspectAddress(text(input.line())) ?? .loopback
        let lines = input.lines()
        let client = TrustedProxies(ranges).client(of: peer, HeaderFields(lines.map { ("X-Forwarded-For", text($0)) }))
        if !ranges.contains(where: { $0.contains(peer) }) {
            check(client == peer, "a peer that is not trusted is the client")
        }
        _ = inspectAddress(client.description)
    }

    private static func inspectAddress(_ text: String) -> IPAddress? {
        guard let address = IPAddress(text) else { return nil }
        check(IPAddress(address.description) == address, "an address is read as it was written")
        check(AddressRange(address.description)?.contains(address) == true, "an address is a range of one")
        check(address.masked.utf8.count <= 40, "a masked address is short")
        check(address.network.isV4 == address.isV4, "a network is of its address's kind")
        return address
    }

    private static func inspectRange(_ text: String) -> AddressRange? {
        guard let range = AddressRange(text) else { return nil }
        let first = text.split(separator: "/").first.flatMap { IPAddress($0) }
        check(first.map(range.contains) ?? false, "a range holds its first address")
        return range
    }
}
