internal import Domain
internal import Formats
internal import Glibc
internal import HTTP
internal import Synchronization

/// The time zones of the guilds, from the system's files; each is read once.
package final class TimeZones: Sendable {
    private static let folder = "/usr/share/zoneinfo/"
    /// The largest file has about 4 KB; with explicit years about 30 KB.
    private static let limit = 131_072
    private let known = Mutex<[String: TimeZoneRules]>([:])

    package init() {}

    /// UTC if the zone has no file.
    ///
    /// Unknown names are rejected when settings are saved.
    func rules(_ name: String) -> TimeZoneRules {
        if let rules = known.withLock({ $0[name] }) { return rules }
        let rules = TimeZoneName(name).flatMap(Self.read) ?? .utc
        known.withLock { $0[name] = rules }
        return rules
    }

    /// True if guilds may use it: the system has its rules, and it is not an alias of the machine's own zone.
    func isKnown(_ name: TimeZoneName) -> Bool {
        name.isOfPlace && Self.read(name) != nil
    }

    /// Names to choose from: UTC, and one for each place of the database.
    static let places: [String] = {
        let lines = String(decoding: file("zone.tab") ?? [], as: UTF8.self).split(separator: "\n")
        let names = lines.compactMap { line -> String? in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            return line.hasPrefix("#") || columns.count < 3 ? nil : String(columns[2])
        }
        return ["UTC"] + names.sorted()
    }()

    private static func read(_ name: TimeZoneName) -> TimeZoneRules? {
        file(name.description).flatMap { TimeZoneRules(name: name, file: $0) }
    }

    private static func file(_ path: String) -> [UInt8]? {
        let file = unsafe open(folder + path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        guard count > 0, count < limit else { return nil }
        return Array(bytes.prefix(count))
    }
}
