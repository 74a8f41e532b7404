import Formats
import Testing

@Suite struct `Whole numbers` {
    @Test(
        arguments: [("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min)]
            as [(String, Int64)])
    func `are read in their only spelling`(text: String, number: Int64) {
        #expect(WholeNumber.parse(text) == number)
    }

    @Test(arguments: [
        "", "-", "+5", "007", "-0", "-01", "--1", "1-", " 7", "7 ", "1,5", "1.0", "1e2", "9223372036854775808",
        "-9223372036854775809", "1\u{338}",
    ])
    func `are refused in any other`(text: String) {
        #expect(WholeNumber.parse(text) == nil)
    }

    @Test func `bytes distinguish texts that Swift compares as equal`() {
        #expect("\u{212A}" == "K")
        #expect(!"\u{212A}".hasSameBytes(as: "K"))
        #expect("key".hasSameBytes(as: "key"))
    }
}
