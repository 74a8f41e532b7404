import Testing

@testable import Formats
@testable import HTTP

@Suite struct `The client's address` {
    let proxies = TrustedProxies(["10.0.0.0/8", "fd00::/8", "192.0.2.1"].compactMap { AddressRange($0) })

    func client(of peer: String, _ lines: String...) throws -> String {
        let headers = HeaderFields(lines.map { ("X-Forwarded-For", $0) })
        return "\(proxies.client(of: try #require(IPAddress(peer)), headers))"
    }

    @Test func `is the peer's if no proxy is trusted`() throws {
        #expect(try client(of: "203.0.113.9", "198.51.100.1") == "203.0.113.9")
        #expect(try client(of: "203.0.113.9", "127.0.0.1, 10.0.0.1") == "203.0.113.9")
        #expect(try client(of: "11.0.0.1", "198.51.100.1") == "11.0.0.1")
    }

    @Test func `is the last one that no trusted proxy has`() throws {
        #expect(try client(of: "10.1.2.3") == "10.1.2.3")
        #expect(try client(of: "10.1.2.3", "198.51.100.1") == "198.51.100.1")
        #expect(try client(of: "10.1.2.3", "1.1.1.1,  198.51.100.1 ,10.9.9.9\t,192.0.2.1") == "198.51.100.1")
        #expect(try client(of: "10.1.2.3", "10.5.5.5, 10.6.6.6") == "10.5.5.5")
        #expect(try client(of: "fd00::1", "2001:db8::7") == "2001:db8:0:0:0:0:0:7")
        #expect(try client(of: "10.1.2.3", "1.1.1.1", "198.51.100.1", "10.9.9.9") == "198.51.100.1")
    }

    @Test func `may come with brackets and a port`() throws {
        #expect(try client(of: "10.1.2.3", "198.51.100.1:4711") == "198.51.100.1")
        #expect(try client(of: "10.1.2.3", "[2001:db8::7]:443") == "2001:db8:0:0:0:0:0:7")
        #expect(try client(of: "10.1.2.3", "[2001:db8::7]") == "2001:db8:0:0:0:0:0:7")
        #expect(try client(of: "10.1.2.3", "::ffff:198.51.100.1") == "198.51.100.1")
    }

    @Test(arguments: [
        "", " ", ",", "unknown", "1.1.1.1,", "1.1.1.1, ,", "1.1.1.1, 300.1.1.1", "1.1.1.1, 1.1.1", "1.1.1.1, 01.1.1.1",
        "1.1.1.1, 1.1.1.1\0.evil", "1.1.1.1, 1.1.1.1:99999", "1.1.1.1, 1.1.1.1:", "1.1.1.1, [1.1.1.1]",
        "1.1.1.1, [2001:db8::7", "1.1.1.1, 2001:db8::7]", "1.1.1.1, [2001:db8::7]x", "1.1.1.1, fe80::1%eth0",
        "1.1.1.1, localhost", "1.1.1.1, \"1.1.1.1\"", "1.1.1.1, 1.1.1.1 2.2.2.2", "1.1.1.1, \u{661}.1.1.1",
        "1.1.1.1, for=1.1.1.1", "1.1.1.1; 1.1.1.1",
    ])
    func `stays the proxy's after an invalid address`(line: String) throws {
        #expect(try client(of: "10.1.2.3", line) == "10.1.2.3")
        #expect(try client(of: "10.1.2.3", line + ",10.4.4.4") == "10.4.4.4")
    }

    @Test func `does not skip a line that is not text`() throws {
        var headers = HeaderFields([("X-Forwarded-For", "6.6.6.6")])
        headers.append(name: Array("x-forwarded-for".utf8).span, value: ([0xff] + Array(", 10.4.4.4".utf8)).span)
        #expect("\(proxies.client(of: try #require(IPAddress("10.1.2.3")), headers))" == "10.4.4.4")
    }

    @Test func `has a network, which is 64 bits long in IPv6`() throws {
        let network = try #require(IPAddress("2001:db8:1:2:3:4:5:6")).network
        #expect(network == IPAddress("2001:db8:1:2::"))
        #expect(IPAddress("2001:db8:1:2:ffff::1")?.network == network)
        #expect(IPAddress("2001:db8:1:3::1")?.network != network)
        #expect(IPAddress("192.0.2.7")?.network != IPAddress("192.0.2.8")?.network)
    }
}

@Suite struct `A range of addresses` {
    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.1/8",
        "10.0.0/8", "::/129", "fd00::1/8", "fd00::/8 ", "localhost", "*", "10.0.0.0/255.0.0.0",
    ])
    func `is refused in another spelling`(text: String) { #expect(AddressRange(text) == nil) }

    @Test(arguments: [
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false), ("::/0", "::1", true),
        ("::/0", "1.2.3.4", false), ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.255", true),
        ("::1", "::1", true), ("::1", "::2", false), ("2001:db8::/65", "2001:db8:0:0:7fff::", true),
        ("2001:db8::/65", "2001:db8:0:0:8000::", false), ("::ffff:10.0.0.0/104", "10.1.1.1", true),
        ("::ffff:10.0.0.0/104", "11.1.1.1", false),
    ])
    func `holds the addresses with its first bits`(range: String, address: String, holds: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))) == holds)
    }
}
