import Formats
import Testing
import Times

@Suite struct `Time zone files` {
    let name = TimeZoneName.utc

    /// A file of version 1 with one change, at the given second of 1970, from UTC to one hour east.
    func oldFile(changingAt second: UInt8, kinds: UInt8 = 2, leaps: UInt8 = 0) -> [UInt8] {
        let counts: [UInt8] = [0, 0, leaps, 1, kinds, 8].flatMap { [0, 0, 0, $0] }
        let body: [UInt8] = [0, 0, 0, second, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x0E, 0x10, 1, 4]
        return Array("TZif".utf8) + Array(repeating: 0, count: 16) + counts + body + Array("ONE\0TWO\0".utf8)
    }

    /// A file of version 3 without changes, for that footer.
    func file(footer: String) -> [UInt8] {
        let counts: [UInt8] = [0, 0, 0, 0, 1, 4].flatMap { [0, 0, 0, $0] }
        let block =
            Array("TZif3".utf8) + Array(repeating: 0, count: 15) + counts + [0, 0, 0, 0, 0, 0] + Array("LMT\0".utf8)
        return block + block + Array("\n\(footer)\n".utf8)
    }

    @Test func `of version 1 are read`() throws {
        let zone = try #require(TimeZoneRules(name: name, file: oldFile(changingAt: 100)))
        #expect(zone.abbreviation(at: Timestamp(seconds: 99)) == "ONE")
        #expect(zone.abbreviation(at: Timestamp(seconds: 100)) == "TWO")
        #expect(zone.offset(at: Timestamp(seconds: 5_000_000_000)) == 3_600)
    }

    @Test func `that point outside their tables or count leap seconds are refused`() {
        #expect(TimeZoneRules(name: name, file: oldFile(changingAt: 1, kinds: 1)) == nil)
        #expect(TimeZoneRules(name: name, file: oldFile(changingAt: 1, leaps: 1)) == nil)
    }

    @Test(arguments: [
        // The hours are those of RFC 9636 and of the days in question.
        ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29T00:59:59Z", -10_800),
        ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29T01:00:00Z", -7_200),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-15T12:00:00Z", 0),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-15T12:00:00Z", 3_600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-06-01T00:00:00Z", 36_000),
        ("XXX0YYY,J60/0,J300", "2028-02-29T23:59:59Z", 0), ("XXX0YYY,J60/0,J300", "2028-03-01T00:00:00Z", 3_600),
        ("XXX0YYY,59/0,300", "2028-02-28T23:59:59Z", 0), ("XXX0YYY,59/0,300", "2028-02-29T00:00:00Z", 3_600),
        ("<+0545>-5:45", "2026-01-01T00:00:00Z", 20_700),
    ])
    func `end in a rule for the years to come`(footer: String, utc: String, offset: Int) throws {
        let zone = try #require(TimeZoneRules(name: name, file: file(footer: footer)))
        #expect(zone.offset(at: try instant(utc)) == offset)
    }

    @Test(arguments: [
        "CET", "C1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,J0,J1", "CET-1CEST,0,366", "<CET-1",
        "CET-1:60",
        "CET-24", "CET-999", " CET-1",
    ])
    func `with a rule that makes no sense are refused`(footer: String) {
        #expect(TimeZoneRules(name: name, file: file(footer: footer)) == nil)
    }

    @Test func `cut short at any byte are refused`() throws {
        let whole = try zoneFile("Europe/Paris")
        #expect(TimeZoneRules(name: name, file: whole) != nil)
        for length in 0..<whole.count {
            #expect(TimeZoneRules(name: name, file: Array(whole.prefix(length))) == nil)
        }
    }

    @Test func `damaged at any byte never stop the program`() throws {
        let whole = try zoneFile("America/New_York")
        for position in whole.indices {
            var damaged = whole
            damaged[position] ^= 0xFF
            let zone = TimeZoneRules(name: name, file: damaged)
            _ = zone?.local(Timestamp(seconds: 1_786_024_923))
        }
    }
}
