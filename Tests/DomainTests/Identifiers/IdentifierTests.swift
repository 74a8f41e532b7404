import Domain
import Formats
import Testing

@Suite struct `Identifiers` {
    @Test(arguments: [("1", 1), ("80351110224678912", 80_351_110_224_678_912), ("9223372036854775807", Int64.max)])
    func `are read from their only spelling and written back the same`(text: String, number: Int64) {
        let id = GuildID(text)
        #expect(id?.number == number)
        #expect(id?.description == text)
    }

    @Test(arguments: [
        "", "0", "00", "007", "+5", "-5", "-0", " 5", "5 ", "5\n", "5\u{0}", "1e3", "0x10", "1_000", "12a", "٣", "１",
        "5\u{301}", "9223372036854775808", "18446744073709551616", "10000000000000000000", "99999999999999999999999",
    ])
    func `refuse every other text`(text: String) {
        #expect(GuildID(text) == nil)
    }

    @Test func `can be read from a piece of a longer text`() {
        #expect(UserID("/users/42".dropFirst(7)) == UserID(number: 42))
    }

    @Test func `sort by number, not by text`() {
        #expect([PostID(number: 10), PostID(number: 9)].sorted() == [PostID(number: 9), PostID(number: 10)])
    }
}
