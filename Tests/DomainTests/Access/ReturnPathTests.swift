import Domain
import Formats
import Testing

@Suite struct `Return paths` {
    @Test(arguments: [
        "/", "/guilds", "/guilds/", "/guilds/80351110224678912/tracking/posts?platform=tiktok&q=a%20b&page=2",
        "/guilds/1/bonus?from=2026-01-01&to=2026-02-01", "/guilds/1?q=%C3%A9", "/docs?next=%2Fguilds", "/a/.well-known",
        "/a?b=..", "/a...b",
    ])
    func `are local paths`(text: String) {
        #expect(ReturnPath(text)?.description == text)
    }

    @Test(arguments: [
        "", "guilds", "//evil.com", "///evil.com", "/\\evil.com", "\\evil.com", "/\t/evil.com", "/\n/evil.com",
        "\t//evil.com", " /guilds", "https://evil.com", "javascript:alert(1)", "/\u{0}", "/guilds\r\nSet-Cookie:a=b",
        "/a//evil.com", "/./guilds", "/../guilds", "/..//evil.com", "/.//evil.com", "/a/..", "/a/.", "/...",
        "/%2e%2e/evil", "/%2E/a", "/%2f/evil.com", "/%2Fevil.com", "/%5cevil.com", "/a?b=%5Cevil.com", "/a?b=%5c",
        "/a%0d%0aX:y", "/a?b=%0D%0A", "/a%00", "/a?b=%7f", "/a?b=%2f%2fevil.com", "/a?b=%2F%2Fevil.com", "/a%252f",
        "/a?b=//evil.com", "/a?b=%2f/evil.com",
        "/a%", "/a%2", "/a%zz", "/a?b=%4", "/a#b", "/a@evil.com", "/a:b", "/a;b", "/é", "/a\u{301}",
        "/\u{338}/evil.com",
        "/a?b=\u{2028}",
    ])
    func `refuse each path that could lead to another site`(text: String) {
        #expect(ReturnPath(text) == nil)
    }

    @Test func `have at most 2,000 bytes`() {
        #expect(ReturnPath("/" + String(repeating: "a", count: 1_999)) != nil)
        #expect(ReturnPath("/" + String(repeating: "a", count: 2_000)) == nil)
    }
}
