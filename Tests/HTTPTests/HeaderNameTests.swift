import HTTP
import Testing

@Suite("Names of header fields") struct HeaderNameTests {
    /// RFC 9110, 5.6.2.
    @Test("Exactly the characters of a token are taken", arguments: UInt8.min...UInt8.max) func tokens(byte: UInt8) {
        let allowed = Array("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var fields = HeaderFields()
        fields.append(name: [byte].span, value: [].span)
        #expect(fields.hasTokensAsNames == allowed.contains(byte))
    }

    @Test("Control characters are found, tabs are not one", arguments: UInt8.min...UInt8.max) func controls(byte: UInt8)
    {
        var fields = HeaderFields()
        fields.append(name: Array("a".utf8).span, value: [byte].span)
        #expect(fields.hasControlCharacter == (byte < 32 && byte != 9 || byte == 127))
    }
}
