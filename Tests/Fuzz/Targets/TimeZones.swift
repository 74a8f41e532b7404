@testable import Domain
@testable import Formats
@testable import HTTP

extension FuzzTarget {
    /// Whole files of zones, asked for times and days.
    static let zoneFiles = FuzzTarget("zone-files") { bytes in
        guard let rules = TimeZoneRules(name: .utc, file: bytes) else { return }
        for seconds in instants { ask(rules, Timestamp(seconds: seconds)) }
        for number in days { ask(rules, CalendarDay(number: number)) }
    }

    /// The rule at the end of a zone file.
    static let zoneRules = FuzzTarget("zone-rules") { bytes in
        guard let rule = DaylightSavingRule.parse(bytes) else { return }
        let header = "TZif2".bytes + [UInt8](repeating: 0, count: 15)
        let empty = header + [UInt8](repeating: 0, count: 24)
        let second = header + [UInt8](repeating: 0, count: 19) + [1, 0, 0, 0, 4]
        let file = empty + second + [0, 0, 0, 0, 0, 0] + "UTC\0".bytes + [10] + bytes + [10]
        let periods = [rule.standard] + (rule.summer.map { [$0.period] } ?? [])
        let isPossible = periods.allSatisfy { $0.offset.magnitude < Seconds.day } && !bytes.contains(10)
        guard let rules = TimeZoneRules(name: .utc, file: file) else {
            check(!isPossible, "a rule that can be read ends a file that can be read")
            return
        }
        for seconds in instants {
            ask(rules, Timestamp(seconds: seconds))
            check(
                periods.contains(rules.period(at: Timestamp(seconds: seconds).seconds)),
                "a zone's period is one of its rule")
        }
        for number in days { ask(rules, CalendarDay(number: number)) }
    }

    static let zoneNames = FuzzTarget("zone-names") { bytes in
        guard let name = TimeZoneName(text(bytes)) else { return }
        let path = name.description.bytes
        check(path == bytes && path.count <= 64, "a name is kept as it is")
        check(!path.contains(UInt8(ascii: ".")) && path.first != UInt8(ascii: "/"), "a name is a path below its folder")
        check(path.last != UInt8(ascii: "/") && !path.contains(0), "a name ends in a name")
        _ = name.isOfPlace
    }

    /// Far away, before and after 1970, in a leap year, at the ends of the years with four digits.
    private static let instants: [Int64] = [
        .min, -62_135_596_800, -2_147_483_649, -1, 0, 951_782_400, 1_700_000_000, 1_790_000_000, 4_102_444_800,
        253_402_300_799, .max,
    ]
    private static let days = [-719_162, -1, 0, 11_016, 19_700, 20_515, 20_681, 2_932_896]

    private static func ask(_ rules: TimeZoneRules, _ instant: Timestamp) {
        let local = rules.local(instant)
        check(local.offset.magnitude < Seconds.day, "no clock is a day away from UTC")
        check((0..<24).contains(local.hour) && (0..<60).contains(local.minute), "a clock shows a time")
        _ = (rules.abbreviation(at: instant), local.clock, local.day.iso8601)
    }

    private static func ask(_ rules: TimeZoneRules, _ day: CalendarDay) {
        let shown = rules.local(rules.start(of: day)).day
        check(abs(shown.days(since: day)) <= 2, "a day starts near itself")
        _ = rules.timestamp(day, hour: 23, minute: 59, second: 59)
    }
}
