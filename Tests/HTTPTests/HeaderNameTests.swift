import HTTP
import Testing

@Suite struct `Names and values of header fields` {
    /// RFC 9110, 5.6.2.
    @Test(arguments: UInt8.min...UInt8.max) func `Exactly the characters of a token are accepted`(byte: UInt8) {
        let allowed = Array("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        #expect(fields(name: [byte], value: []).hasTokensAsNames == allowed.contains(byte))
    }

    @Test(arguments: UInt8.min...UInt8.max) func `Control characters are found, and a tab is none`(byte: UInt8) {
        let isControl = byte < 32 && byte != 9 || byte == 127
        #expect(fields(name: [97], value: [byte]).hasControlCharacter == isControl)
    }

    private func fields(name: [UInt8], value: [UInt8]) -> HeaderFields {
        var fields = HeaderFields()
        fields.append(name: name.span, value: value.span)
        return fields
    }
}
