import Formats
import Testing

@Suite struct `Timestamps` {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-08-06T14:02:03Z", 1_786_024_923_000_000),
            ("1969-12-31T23:59:59.999999Z", -1), ("2026-08-06T14:02:03.250Z", 1_786_024_923_250_000),
            ("2026-08-06T14:02:03.000001Z", 1_786_024_923_000_001), ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ] as [(String, Int64)])
    func `are read and written the same`(text: String, microseconds: Int64) {
        #expect(Timestamp.parse(text)?.microseconds == microseconds)
        #expect(Timestamp(microseconds: microseconds).iso8601 == text)
    }

    @Test(arguments: [
        ("2026-08-06T16:02:03+02:00", "2026-08-06T14:02:03Z"),
        ("2026-08-05T23:32:03.5-14:30", "2026-08-06T14:02:03.500Z"),
        ("2026-01-01T00:00:00+05:30", "2025-12-31T18:30:00Z"), ("2026-08-06T14:02:03-00:00", "2026-08-06T14:02:03Z"),
    ])
    func `with an offset become UTC`(text: String, utc: String) {
        #expect(Timestamp.parse(text)?.iso8601 == utc)
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-08-06T24:00:00Z", "2026-08-06T14:60:00Z", "2026-08-06T23:59:60Z",
        "2026-08-06T14:02:03", "2026-08-06 14:02:03Z", "2026-08-06t14:02:03z", "2026-08-06T14:02Z",
        "2026-08-06T14:02:03.Z", "2026-08-06T14:02:03.1234567Z", "2026-08-06T14:02:03,5Z", "2026-08-06T14:02:03+0200",
        "2026-08-06T14:02:03+24:00", "2026-08-06T14:02:03+02:60", "2026-08-06T14:02:03Z ", "2026-08-06T14:02:03Z\r\n",
        "2026-08-06T14:02:03\u{2212}02:00", "2026-08-06", "1786024923", "", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ])
    func `that are not exactly RFC 3339 or do not exist are refused`(text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func `count seconds rounded down, before 1970 too`() {
        let instant = Timestamp(microseconds: -1)
        #expect(instant.seconds == -1)
        #expect(instant.dayInUTC.iso8601 == "1969-12-31")
        #expect(Timestamp(seconds: 90).seconds(since: Timestamp(seconds: 0)) == 90)
        #expect(instant.seconds(since: Timestamp(seconds: 0)) == -1)
        #expect(Timestamp(seconds: 0).adding(seconds: Seconds.day).iso8601 == "1970-01-02T00:00:00Z")
    }

    @Test func `stay in range instead of trapping`() {
        #expect(Timestamp(seconds: .max).microseconds == .max)
        #expect(Timestamp(seconds: .min).adding(seconds: .min).microseconds == .min)
        #expect(Timestamp(microseconds: .max).adding(seconds: 1).microseconds == .max)
        #expect(Timestamp(microseconds: .min).seconds(since: Timestamp(microseconds: .max)) < 0)
        #expect(Timestamp(microseconds: .min).iso8601 == "-290308-12-21T19:59:05.224192Z")
    }

    @Test(arguments: [
        ("2026-08-06t14:02:03z", "2026-08-06T14:02:03Z"), ("2026-08-06 14:02:03Z", "2026-08-06T14:02:03Z"),
        ("2026-08-06T14:02Z", "2026-08-06T14:02:00Z"), ("2026-08-06T14:02+0200", "2026-08-06T12:02:00Z"),
        ("2026-08-06T14:02:03+02", "2026-08-06T12:02:03Z"), ("2026-08-06T14:02:03,5Z", "2026-08-06T14:02:03.500Z"),
        ("2026-08-06T14:02:03.1234567-0130", "2026-08-06T15:32:03.123456Z"),
        ("20260806T140203Z", "2026-08-06T14:02:03Z"), ("20260806t1402+0530", "2026-08-06T08:32:00Z"),
        ("20260806T140203.25+02", "2026-08-06T12:02:03.250Z"), ("2026-08-06T14:02:03+02:00", "2026-08-06T12:02:03Z"),
    ])
    func `of any form with a zone are read`(text: String, utc: String) {
        #expect(Timestamp.parseAnyForm(text)?.iso8601 == utc)
    }

    @Test(arguments: [
        "2026-02-30T00:00:00Z", "2026-08-06T24:00Z", "2026-08-06T14Z", "2026-08-06T14:02:03.Z", "2026-08-06", "",
        "2026-08-06T14:02:03+2", "2026-08-06T14:02:03+020", "2026-08-06T14:02:03 Z", "2026-0806T14:02Z", "1786024923",
    ])
    func `of no such form are not read`(text: String) {
        #expect(Timestamp.parseAnyForm(text) == nil && !Timestamp.lacksZone(text))
    }

    @Test(arguments: ["2026-08-06T14:02:03", "2026-08-06 14:02", "20260806T140203"])
    func `without a zone are distinguished from others`(text: String) {
        #expect(Timestamp.parseAnyForm(text) == nil && Timestamp.lacksZone(text))
    }
}
