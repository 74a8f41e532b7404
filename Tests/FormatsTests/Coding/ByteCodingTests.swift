import Formats
import Testing

@Suite struct `Bytes as text` {
    @Test(arguments: [([], ""), ([0], "00"), ([0xDE, 0xAD, 0xBE, 0xEF, 0x09], "deadbeef09")] as [([UInt8], String)])
    func `in hexadecimal`(bytes: [UInt8], text: String) {
        #expect(Hex.encode(bytes) == text)
        #expect(Hex.decode(text) == bytes)
    }

    @Test(arguments: ["0", "000", "DE", "dE", "0x", "g0", " 00", "00\n", "０0", "0\u{301}0"])
    func `in hexadecimal of another spelling are refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    /// The first ones are the test vectors of RFC 4648.
    @Test(
        arguments: [
            (Array("".utf8), ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
            (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"), (Array("foobar".utf8), "Zm9vYmFy"),
            ([0xFB, 0xFF, 0xBF], "-_-_"), ([0xFF], "_w"),
        ] as [([UInt8], String)])
    func `in base64url`(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: [
        "Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zm9", "+/+/", "Zm 9v", "Zm9v\n", "Zm9\u{338}", "Zm9v=", "_x", "é",
    ])
    func `in base64url of another spelling are refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `of every value and length come back`() {
        for length in 0..<300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + length) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        ("", ""), ("azAZ09-._~", "azAZ09-._~"), ("a b+c", "a%20b%2Bc"), ("é€", "%C3%A9%E2%82%AC"),
        ("/?#&=%", "%2F%3F%23%26%3D%25"),
        ("\r\n", "%0D%0A"), ("\"\u{301}<", "%22%CC%81%3C"),
    ])
    func `in URLs are escaped`(text: String, escaped: String) {
        #expect(PercentCoding.encode(text) == escaped)
        #expect(PercentCoding.text(Array(escaped.utf8)[...]) == text)
    }

    @Test(arguments: ["%", "%2", "a%2", "%g0", "%0g", "% 20", "%+1", "%00", "%C3", "%ED%A0%80", "%C0%AF"])
    func `in URLs with broken escapes are refused`(text: String) {
        #expect(PercentCoding.text(Array(text.utf8)[...]) == nil)
    }

    @Test func `in URLs are decoded once`() {
        #expect(PercentCoding.text(Array("%252e+%2f".utf8)[...]) == "%2e+/")
    }
}
