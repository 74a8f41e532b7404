package import Formats
internal import Foundation

/// A text of a test that names no zone, time or day.
struct Unreadable: Error { let text: String }

/// The system's zone files; a machine without them fails the tests.
package func zoneFile(_ name: String) throws -> [UInt8] {
    try [UInt8](Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
}

package func zone(_ name: String) throws -> TimeZoneRules {
    guard let known = TimeZoneName(name), let rules = TimeZoneRules(name: known, file: try zoneFile(name)) else {
        throw Unreadable(text: name)
    }
    return rules
}

package func instant(_ text: String) throws -> Timestamp {
    guard let instant = Timestamp.parse(text) else { throw Unreadable(text: text) }
    return instant
}

package func day(_ text: String) throws -> CalendarDay {
    guard let day = CalendarDay.parse(text) else { throw Unreadable(text: text) }
    return day
}
