import Domain
import Formats
import Testing

@Suite struct `A handle` {
    @Test(
        arguments: [
            (.instagram, "ana", "ana"), (.instagram, "@ana", "ana"), (.instagram, "  @a.n_a9 ", "a.n_a9"),
            (.instagram, String(repeating: "a", count: 30), String(repeating: "a", count: 30)),
            (.threads, "A.B", "A.B"), (.tiktok, "a.b_", "a.b_"), (.tiktok, "_a", "_a"), (.x, "_", "_"),
            (.x, "jack", "jack"), (.youtube, "名前チャンネル", "名前チャンネル"), (.youtube, "a-b.c_d", "a-b.c_d"),
            (.youtube, "col·lecció", "col·lecció"), (.youtube, "हिन्दी", "हिन्दी"), (.facebook, "TED", "TED"),
            (.facebook, "Some-Page-100064", "Some-Page-100064"), (.twitch, "xqc", "xqc"),
        ] as [(Platform, String, String)])
    func `is accepted in its platform's form`(platform: Platform, text: String, handle: String) throws {
        #expect(try AccountHandle.clean(text, on: platform) == handle)
    }

    @Test(
        arguments: [
            (.instagram, ".ana"), (.instagram, "ana."), (.instagram, "a..b"), (.instagram, "a-b"), (.instagram, "añа"),
            (.instagram, String(repeating: "a", count: 31)), (.tiktok, "a"), (.tiktok, "ab."), (.x, "a.b"),
            (.x, String(repeating: "a", count: 16)), (.youtube, "ab"), (.youtube, "a b c"), (.youtube, "a\u{200B}bc"),
            (.youtube, "ab\u{202E}c"), (.youtube, "😀😀😀"), (.twitch, "_ab"), (.facebook, "a_b"),
        ] as [(Platform, String)])
    func `is refused if its platform does not allow it`(platform: Platform, text: String) {
        #expect(throws: TextRule.Fault.self) { try AccountHandle.clean(text, on: platform) }
    }

    @Test(
        arguments: [
            "", " ", "@", "@@ana", "a b", "a\nb", "a\u{0}b", "<b>", "\"ana", "a\u{301}", "https://x.com/ana", "a/b",
            "a?b", "#ana", "a&b", "ａna", "\u{212A}ana", "'; DROP TABLE x; --", "../ana", "%61na",
            "\u{3164}", "ana\u{3164}", "ana\u{2800}", "a\u{34F}na", "\u{200D}",
        ], Platform.allCases)
    func `is refused if it is no handle`(text: String, platform: Platform) {
        // The Kelvin sign, full-width and accented letters are letters, which one platform has.
        let isLetter = platform == .youtube && ["ａna", "\u{212A}ana"].contains(text)
        if isLetter { return }
        #expect(throws: TextRule.Fault.self) { try AccountHandle.clean(text, on: platform) }
    }

    @Test func `that is an address is reported as one`() {
        #expect(throws: TextRule.Fault(message: "must be the name alone, not an address.")) {
            try AccountHandle.clean("https://www.instagram.com/ana", on: .instagram)
        }
    }
}
