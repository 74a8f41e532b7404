import Domain
import Formats
import Foundation
import Testing

/// The system's zone files; a machine without them fails these tests.
func zoneFile(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
}

func zone(_ name: String) throws -> TimeZoneRules {
    let known = try #require(TimeZoneName(name))
    return try #require(TimeZoneRules(name: known, file: zoneFile(name)))
}

func instant(_ text: String) throws -> Timestamp { try #require(Timestamp.parse(text)) }
func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay.parse(text)) }
