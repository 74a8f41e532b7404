import Formats
import Testing

@Suite struct `Time zone names` {
    @Test(arguments: [
        "UTC", "Europe/Paris", "America/Argentina/Ushuaia", "Etc/GMT+5", "America/Port-au-Prince", "America/New_York",
    ])
    func `have one to three segments`(text: String) {
        #expect(TimeZoneName(text)?.description == text)
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "../../etc/passwd", "Europe/..", "Europe/./Paris", "Europe//Paris", "Europe/Paris/",
        "a/b/c/d", "Europe\\Paris", "Europe/Paris\u{0}", "Europe/Pari\u{301}s", "Europe/Paris\r\n", "Europe Paris",
        "zone.tab", "-x", "Etc/-5", String(repeating: "a", count: 65), "Amérique/Paris",
    ])
    func `cannot lead out of the directory of zones`(text: String) {
        #expect(TimeZoneName(text) == nil)
    }
}
