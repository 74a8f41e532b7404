import Domain
import Testing

@Suite struct `Times in words` {
    @Test(arguments: [
        ("2026-08-06T12:00:00Z", "just now"), ("2026-08-06T11:59:01Z", "just now"),
        ("2026-08-06T11:59:00Z", "1 minute ago"),
        ("2026-08-06T11:57:00Z", "3 minutes ago"), ("2026-08-06T11:00:01Z", "59 minutes ago"),
        ("2026-08-06T11:00:00Z", "1 hour ago"),
        ("2026-08-05T12:00:01Z", "23 hours ago"), ("2026-08-05T12:00:00Z", "yesterday"),
        ("2026-08-05T00:00:00Z", "yesterday"),
        ("2026-08-04T23:59:59Z", "2 days ago"), ("2026-07-08T12:00:00Z", "29 days ago"),
        ("2026-07-07T12:00:00Z", "1 month ago"),
        ("2025-08-07T12:00:00Z", "12 months ago"), ("2025-08-06T12:00:00Z", "1 year ago"),
        ("0001-01-01T00:00:00Z", "2,026 years ago"),
        ("2026-08-06T12:00:59Z", "in a moment"), ("2026-08-06T14:00:00Z", "in 2 hours"),
        ("2026-08-07T12:00:00Z", "tomorrow"),
        ("2026-08-08T00:00:00Z", "in 2 days"),
    ])
    func `say how long ago or how far ahead`(text: String, words: String) throws {
        #expect(RelativeTime.text(try instant(text), now: try instant("2026-08-06T12:00:00Z")) == words)
    }

    @Test func `yesterday is the one of the reader's calendar`() throws {
        let then = try instant("2026-08-04T23:30:00Z")
        let now = try instant("2026-08-06T12:00:00Z")
        #expect(RelativeTime.text(then, now: now) == "2 days ago")
        #expect(RelativeTime.text(then, now: now, in: try zone("Europe/Paris")) == "yesterday")
    }

    @Test func `of a day with 25 hours stay on that day`() throws {
        let then = try instant("2026-10-24T22:00:00Z")
        let now = try instant("2026-10-25T22:30:00Z")
        #expect(RelativeTime.text(then, now: now, in: try zone("Europe/Paris")) == "24 hours ago")
    }

    @Test func `of any range do not stop the program`() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(RelativeTime.text(first, now: last).hasSuffix(" years ago"))
        #expect(RelativeTime.text(last, now: first).hasPrefix("in "))
    }
}
