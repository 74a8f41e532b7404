import Domain
import Formats
import Testing

@Suite struct `Text from outside` {
    @Test(arguments: [
        ("Ada", "Ada"), ("  Ada Lovelace\u{A0} ", "Ada Lovelace"), ("\u{2003}x\u{3000}", "x"), ("e\u{301}", "e\u{301}"),
        ("\u{200F}abc", "\u{200F}abc"), ("👩‍👩‍👧", "👩‍👩‍👧"), ("a\u{338}", "a\u{338}"),
    ])
    func `of one line is trimmed and otherwise kept`(text: String, kept: String) throws {
        #expect(try TextRule.line(80).clean(text).hasSameBytes(as: kept))
    }

    @Test(arguments: [
        "a\u{0}b", "a\nb", "a\tb", "a\r\nb", "a\rb", "\u{1B}[31m", "a\u{7F}", "\u{0}", "a\n\u{301}b", "a\u{8}b",
    ])
    func `of one line has no control characters`(text: String) {
        #expect(throws: TextRule.Fault.self) { try TextRule.line(80).clean(text) }
    }

    @Test(arguments: [
        ("a\r\nb", "a\nb"), ("a\n\tb\n", "a\n\tb"), ("\r\n\r\na\r\n", "a"), ("", ""), (" \n ", ""),
        ("a\r\n\u{301}b", "a\n\u{301}b"),
    ])
    func `of many lines has line feeds only`(text: String, kept: String) throws {
        #expect(try TextRule.lines(80).clean(text).hasSameBytes(as: kept))
    }

    @Test(arguments: ["a\rb", "a\r", "\ra", "a\r\rb", "\r\r\n", "a\u{0}", "a\u{B}b"])
    func `of many lines has no other control character`(text: String) {
        #expect(throws: TextRule.Fault.self) { try TextRule.lines(80).clean(text) }
    }

    @Test func `is measured in scalars and in bytes after trimming`() throws {
        let rule = TextRule(length: 2...4, maximalBytes: 8)
        #expect(try rule.clean("  abcd  ") == "abcd")
        #expect(throws: TextRule.Fault(message: "must have at most 4 characters.")) { try rule.clean("abcde") }
        #expect(throws: TextRule.Fault(message: "must have at most 4 characters.")) { try rule.clean("ééé€") }
        #expect(throws: TextRule.Fault(message: "must have at most 4 characters.")) {
            try rule.clean("ae\u{301}e\u{301}")
        }
        #expect(throws: TextRule.Fault(message: "must have at least 2 characters.")) { try rule.clean(" a ") }
        #expect(throws: TextRule.Fault(message: "must not be empty.")) { try TextRule.line(5).clean("  ") }
    }

    @Test func `names the character that is refused`() {
        #expect(throws: TextRule.Fault(message: "must not contain control characters (U+0000).")) {
            try TextRule.line(5).clean("a\u{0}")
        }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xE2, 0x82]] as [[UInt8]]
    )
    func `must be UTF-8`(bytes: [UInt8]) {
        #expect(throws: TextRule.Fault(message: "must be UTF-8.")) { try TextRule.line(80).clean(bytes) }
    }

    /// Discord's names are cleaned, never refused.
    @Test(arguments: [
        ("Ada", "Ada"), (" A\u{200B}da\u{A0}", "Ada"), ("\u{202E}abcdef", "abcd"), ("abc def", "abc"),
        ("a\u{200B}b", "ab"), ("\u{200D}", nil),
        ("", nil), (" \n", nil),
    ])
    func `of a name from Discord loses refused characters`(text: String, kept: String?) {
        #expect(NameRule.cleaned(text, 4) == kept)
    }
}
