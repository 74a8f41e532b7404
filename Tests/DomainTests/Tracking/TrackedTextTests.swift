import Domain
import Formats
import Testing

@Suite struct `The name of a brand or group` {
    @Test(arguments: [
        ("Acme", "Acme"), ("  Acme ", "Acme"), ("7", "7"), ("😀", "😀"), ("#", "#"), ("\u{200F}gnp", "\u{200F}gnp"),
        ("a\u{301}", "a\u{301}"), ("日本", "日本"),
        (String(repeating: "x", count: 100), String(repeating: "x", count: 100)),
    ])
    func `is one line with a visible character`(text: String, name: String) throws {
        #expect(Array(try TrackedText.name(text).utf8) == Array(name.utf8))
    }

    @Test(arguments: [
        "", " ", "\u{A0}", "\u{200B}", "\u{202E}", "\u{FEFF}", "\u{3164}", "\u{2800}", "\u{301}", "a\nb", "a\tb",
        "\u{0}", "\u{7F}x", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\u{AD}b", "a\u{202E}b", "a\u{2066}b", "\u{FEFF}a",
        "a\u{200B}", "a\u{FFFF}", String(repeating: "x", count: 101), String(repeating: "😀", count: 101),
    ])
    func `is nothing else`(text: String) {
        #expect(throws: TextRule.Fault.self) { try TrackedText.name(text) }
    }

    @Test func `has fewer rules as an account's display name`() throws {
        #expect(try TrackedText.displayName("") == "")
        #expect(try TrackedText.notes("a\r\nb") == "a\nb")
        #expect(throws: TextRule.Fault.self) { try TrackedText.displayName("a\nb") }
        #expect(throws: TextRule.Fault.self) { try TrackedText.notes(String(repeating: "x", count: 4_001)) }
    }
}

@Suite struct `The address of a profile` {
    @Test(arguments: [
        "https://www.instagram.com/ana/", "http://a.example", "https://a.example:8443/x?y=z#w",
        "https://a.example/@ana", "https://xn--bcher-kva.example/%C3%A9", "https://a.example?u=https://b.example",
    ])
    func `is a link to a site`(text: String) throws {
        #expect(try ProfileAddress.clean(" \(text) ") == text)
    }

    @Test(arguments: [
        "", "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "ftp://a.example",
        "//a.example", "a.example", "https://", "https:///x", "https://localhost", "https://127.0.0.1",
        "https://[::1]/", "https://2130706433",
        "https://user@a.example", "https://user:pw@a.example/", "https://a.example@b.example",
        "https://a.example\\@b.example",
        "https://a..example", "https://-a.example", "https://a.example:0", "https://a.example:99999",
        "https://a.example:x",
        "https://a.example/a b", "https://a.example/\"onclick=1", "https://a.example/<b>", "https://a.example/é",
        "https://bücher.example", "https://a.example/\u{202E}", "https://a.example/\nx", "hTTps://a.example",
        "https://a_b.example", "https://a.example/" + String(repeating: "x", count: 2_000), "java\nscript:alert(1)",
    ])
    func `is refused if it is no safe link`(text: String) {
        #expect(throws: TextRule.Fault.self) { try ProfileAddress.clean(text) }
    }
}
