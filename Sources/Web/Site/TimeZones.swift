internal import Domain
internal import Glibc
internal import Synchronization

/// The time zones of the guilds, from the system's files, each read once.
package final class TimeZones: Sendable {
    private static let folder = "/usr/share/zoneinfo/"
    /// The largest file of the database has about 4 KB, with many years written out about 30.
    private static let limit = 131_072
    private let known = Mutex<[String: TimeZoneRules]>([:])

    package init() {}

    /// UTC for a zone that there is no file of: names that no system has are refused where settings are saved.
    func rules(_ name: String) -> TimeZoneRules {
        if let rules = known.withLock({ $0[name] }) { return rules }
        let rules = TimeZoneName(name).flatMap(Self.read) ?? .utc
        known.withLock { $0[name] = rules }
        return rules
    }

    private static func read(_ name: TimeZoneName) -> TimeZoneRules? {
        let file = unsafe open(folder + name.description, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
        guard count > 0, count < limit else { return nil }
        return TimeZoneRules(name: name, file: Array(bytes.prefix(count)))
    }
}
