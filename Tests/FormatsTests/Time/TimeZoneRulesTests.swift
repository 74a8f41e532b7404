import Formats
import Testing
import Times

@Suite struct `Time zone rules` {
    /// The values are those of Python's zoneinfo.
    @Test(arguments: [
        ("Europe/Paris", "1999-01-01T00:00:00Z", 3600, "CET", "1999-01-01 01:00"),
        ("Europe/Paris", "2026-03-29T00:59:59Z", 3600, "CET", "2026-03-29 01:59"),
        ("Europe/Paris", "2026-03-29T01:00:00Z", 7200, "CEST", "2026-03-29 03:00"),
        ("Europe/Paris", "2026-10-25T00:59:59Z", 7200, "CEST", "2026-10-25 02:59"),
        ("Europe/Paris", "2026-10-25T01:00:00Z", 3600, "CET", "2026-10-25 02:00"),
        ("Europe/Paris", "2037-10-25T01:00:00Z", 3600, "CET", "2037-10-25 02:00"),
        ("Europe/Paris", "2038-03-28T00:59:59Z", 3600, "CET", "2038-03-28 01:59"),
        ("Europe/Paris", "2038-03-28T01:00:00Z", 7200, "CEST", "2038-03-28 03:00"),
        ("Europe/Paris", "2045-10-29T00:59:59Z", 7200, "CEST", "2045-10-29 02:59"),
        ("Europe/Paris", "2045-10-29T01:00:00Z", 3600, "CET", "2045-10-29 02:00"),
        ("America/New_York", "1999-04-04T06:59:59Z", -18000, "EST", "1999-04-04 01:59"),
        ("America/New_York", "1999-04-04T07:00:00Z", -14400, "EDT", "1999-04-04 03:00"),
        ("America/New_York", "2006-10-29T06:00:00Z", -18000, "EST", "2006-10-29 01:00"),
        ("America/New_York", "2026-03-08T07:00:00Z", -14400, "EDT", "2026-03-08 03:00"),
        ("America/New_York", "2026-11-01T05:59:59Z", -14400, "EDT", "2026-11-01 01:59"),
        ("America/New_York", "2026-11-01T06:00:00Z", -18000, "EST", "2026-11-01 01:00"),
        ("America/New_York", "2045-03-12T06:59:59Z", -18000, "EST", "2045-03-12 01:59"),
        ("America/New_York", "2045-03-12T07:00:00Z", -14400, "EDT", "2045-03-12 03:00"),
        ("America/New_York", "2045-12-31T23:59:59Z", -18000, "EST", "2045-12-31 18:59"),
        ("Asia/Kolkata", "1999-06-01T00:00:00Z", 19800, "IST", "1999-06-01 05:30"),
        ("Asia/Kolkata", "2026-08-06T18:29:59Z", 19800, "IST", "2026-08-06 23:59"),
        ("Asia/Kolkata", "2026-08-06T18:30:00Z", 19800, "IST", "2026-08-07 00:00"),
        ("Asia/Kolkata", "2045-01-01T00:00:00Z", 19800, "IST", "2045-01-01 05:30"),
        ("Pacific/Apia", "1999-01-01T00:00:00Z", -39600, "-11", "1998-12-31 13:00"),
        ("Pacific/Apia", "2010-09-26T11:00:00Z", -36000, "-10", "2010-09-26 01:00"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", -36000, "-10", "2011-12-29 23:59"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", 50400, "+14", "2011-12-31 00:00"),
        ("Pacific/Apia", "2021-04-03T13:59:59Z", 50400, "+14", "2021-04-04 03:59"),
        ("Pacific/Apia", "2021-04-03T14:00:00Z", 46800, "+13", "2021-04-04 03:00"),
        ("Pacific/Apia", "2045-07-01T12:00:00Z", 46800, "+13", "2045-07-02 01:00"),
        ("Africa/Casablanca", "1999-07-01T12:00:00Z", 0, "+00", "1999-07-01 12:00"),
        ("Africa/Casablanca", "2018-10-28T02:00:00Z", 3600, "+01", "2018-10-28 03:00"),
        ("Africa/Casablanca", "2026-02-15T01:59:59Z", 3600, "+01", "2026-02-15 02:59"),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z", 0, "+00", "2026-02-15 02:00"),
        ("Africa/Casablanca", "2026-03-22T02:00:00Z", 3600, "+01", "2026-03-22 03:00"),
        ("Africa/Casablanca", "2045-07-01T00:00:00Z", 3600, "+01", "2045-07-01 01:00"),
        ("Africa/Casablanca", "2045-10-15T12:00:00Z", 3600, "+01", "2045-10-15 13:00"),
        ("UTC", "1999-12-31T23:59:59Z", 0, "UTC", "1999-12-31 23:59"),
        ("UTC", "2045-06-30T12:00:00Z", 0, "UTC", "2045-06-30 12:00"),
    ])
    func `give offset, abbreviation and local time`(
        name: String, utc: String, offset: Int, abbreviation: String, shown: String
    ) throws {
        let zone = try zone(name)
        let instant = try instant(utc)
        let local = zone.local(instant)
        #expect(zone.offset(at: instant) == offset)
        #expect(zone.abbreviation(at: instant) == abbreviation)
        #expect("\(local.day) \(local.clock)" == shown)
    }

    @Test func `of UTC need no file`() throws {
        let now = try instant("2026-08-06T14:02:03.999Z")
        let local = TimeZoneRules.utc.local(now)
        #expect(TimeZoneRules.utc.name.description == "UTC")
        #expect([local.hour, local.minute, local.second, local.offset] == [14, 2, 3, 0])
        #expect(TimeZoneRules.utc.start(of: local.day).iso8601 == "2026-08-06T00:00:00Z")
    }
}
