import Formats
import Testing
import Times

@Suite struct `Days and times in a time zone` {
    @Test(arguments: [
        ("Europe/Paris", "2026-08-06", "2026-08-05T22:00:00Z"),
        ("Europe/Paris", "2026-03-29", "2026-03-28T23:00:00Z"),
        ("Europe/Paris", "2026-03-30", "2026-03-29T22:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-01T04:00:00Z"),
        ("America/New_York", "2026-11-02", "2026-11-02T05:00:00Z"),
        ("Asia/Kolkata", "2045-01-01", "2044-12-31T18:30:00Z"),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z"),
        ("UTC", "1969-12-31", "1969-12-31T00:00:00Z"),
    ])
    func `a day starts at its midnight`(name: String, text: String, utc: String) throws {
        #expect(try zone(name).start(of: day(text)).iso8601 == utc)
    }

    @Test(arguments: [
        // Clocks went from 24:00 to 01:00, so that the first time of the day was one o'clock.
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
        ("Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z"),
        // Clocks went from 23:30 to 00:30.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z"),
    ])
    func `a day without a midnight starts when the clocks jump`(name: String, text: String, utc: String) throws {
        let zone = try zone(name)
        let start = zone.start(of: try day(text))
        #expect(start.iso8601 == utc)
        #expect(zone.day(of: start) == (try day(text)))
        #expect(zone.day(of: start.adding(seconds: -1)) == (try day(text)).adding(days: -1))
    }

    @Test func `a day that a zone left out starts with the next one`() throws {
        let apia = try zone("Pacific/Apia")
        #expect(apia.start(of: try day("2011-12-30")).iso8601 == "2011-12-30T10:00:00Z")
        #expect(apia.start(of: try day("2011-12-31")).iso8601 == "2011-12-30T10:00:00Z")
    }

    @Test func `a midnight that comes twice is the first of the two`() throws {
        // Havana puts its clocks back from 01:00 to 00:00.
        #expect(try zone("America/Havana").start(of: day("2026-11-01")).iso8601 == "2026-11-01T04:00:00Z")
    }

    @Test func `a time that comes twice is the first of the two`() throws {
        let paris = try zone("Europe/Paris")
        #expect(paris.timestamp(try day("2026-10-25"), hour: 2, minute: 30).iso8601 == "2026-10-25T00:30:00Z")
    }

    @Test func `a time that is skipped is the instant of the jump`() throws {
        let paris = try zone("Europe/Paris")
        #expect(paris.timestamp(try day("2026-03-29"), hour: 2, minute: 30).iso8601 == "2026-03-29T01:00:00Z")
    }

    @Test(arguments: [
        "Europe/Paris", "America/New_York", "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin", "Australia/Sydney",
    ])
    func `the starts of days and the days of instants agree for 46 years`(name: String) throws {
        let zone = try zone(name)
        var day = try day("2012-01-01")
        while day.year < 2046 {
            #expect(zone.day(of: zone.start(of: day)) == day)
            #expect(zone.day(of: zone.start(of: day).adding(seconds: -1)) == day.adding(days: -1))
            day = day.adding(days: 1)
        }
    }
}
