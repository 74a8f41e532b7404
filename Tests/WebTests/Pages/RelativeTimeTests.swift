import Domain
import Formats
import Testing
import Times

@testable import Web

@Suite struct `Times in words` {
    @Test(arguments: [
        ("2026-08-06T12:00:00Z", "just now"), ("2026-08-06T11:59:56Z", "just now"),
        ("2026-08-06T11:59:55Z", "5 s ago"), ("2026-08-06T11:59:01Z", "59 s ago"),
        ("2026-08-06T11:59:00Z", "1 min ago"), ("2026-08-06T11:00:01Z", "59 min ago"),
        ("2026-08-06T11:00:00Z", "1 h ago"), ("2026-08-05T12:00:01Z", "23 h ago"),
        ("2026-08-05T12:00:00Z", "1 d ago"), ("2026-06-07T12:00:01Z", "59 d ago"),
        ("2026-06-07T12:00:00Z", "7 Jun 2026"), ("0001-01-01T00:00:00Z", "1 Jan 1"),
        ("2026-08-06T12:00:04Z", "just now"), ("2026-08-06T12:00:59Z", "in 59 s"),
        ("2026-08-06T14:00:00Z", "in 2 h"), ("2026-08-08T12:00:00Z", "in 2 d"),
    ])
    func `give the time since or until`(text: String, words: String) throws {
        #expect(RelativeTime(try instant(text), now: try instant("2026-08-06T12:00:00Z")).description == words)
    }

    @Test func `of long ago are days of the reader's calendar`() throws {
        let then = try instant("2026-03-04T23:30:00Z")
        let now = try instant("2026-08-06T12:00:00Z")
        #expect(RelativeTime(then, now: now).description == "4 Mar 2026")
        #expect(RelativeTime(then, now: now, in: try zone("Europe/Paris")).description == "5 Mar 2026")
    }

    @Test func `of any range do not stop the program`() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(RelativeTime(first, now: last) != .now)
        #expect(RelativeTime(last, now: first) != .now)
    }
}
