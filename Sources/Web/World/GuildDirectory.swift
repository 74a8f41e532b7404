internal import Domain
internal import Formats
internal import HTTP
internal import Persistence
internal import Synchronization

/// Caches the names and time zones of guilds in this process.
///
/// An entry is dropped as soon as PostgreSQL notifies of a change. Without a listening connection nothing is cached.
package final class GuildDirectory: Sendable {
    private struct Contents {
        var names: [GuildID: Guilds.Name] = [:]
        var zones: [GuildID: String] = [:]
        /// Incremented by every change, so that a read that began before it is not cached.
        var epoch: UInt64 = 0
        var isListening = false
        var nameLookups = CacheCounts()
        var zoneLookups = CacheCounts()

        mutating func forgetAll() {
            epoch += 1
            names = [:]
            zones = [:]
        }
    }
    private let contents = Mutex(Contents())
    /// Maximum cached guilds, about 100 bytes each.
    ///
    /// Above that the cache is cleared.
    private static let limit = 100_000

    package init() {}

    /// The names of the registered guilds among these.
    func names(of guilds: [GuildID], _ database: Database) async throws(DatabaseFailure) -> [Guilds.Name] {
        let (known, epoch) = contents.withLock { contents in
            let known = guilds.compactMap { contents.names[$0] }
            contents.nameLookups.count(isHit: known.count == guilds.count)
            return (known, contents.epoch)
        }
        if known.count == guilds.count { return known }
        let read = try await Guilds.names(of: guilds, database)
        keep(since: epoch) { contents in for name in read { contents.names[name.guild] = name } }
        return read
    }

    /// The name of the guild's time zone.
    func zone(in access: GuildAccess, _ database: Database) async throws(DatabaseFailure) -> String {
        let (known, epoch) = contents.withLock { contents in
            let known = contents.zones[access.guild]
            contents.zoneLookups.count(isHit: known != nil)
            return (known, contents.epoch)
        }
        if let known { return known }
        let read = try await database.read(Guilds.timeZone, in: access)
        keep(since: epoch) { $0.zones[access.guild] = read }
        return read
    }

    /// Cache counts of names and of time zones.
    var counts: (names: CacheCounts, zones: CacheCounts) {
        contents.withLock { contents in
            var counts = (contents.nameLookups, contents.zoneLookups)
            counts.0.entries = contents.names.count
            counts.1.entries = contents.zones.count
            return counts
        }
    }

    private func keep(since epoch: UInt64, _ change: (inout Contents) -> Void) {
        contents.withLock { contents in
            guard contents.isListening, contents.epoch == epoch else { return }
            if contents.names.count + contents.zones.count >= Self.limit { contents.forgetAll() }
            change(&contents)
        }
    }

    package func forgetAll() { contents.withLock { $0.forgetAll() } }

    /// - Parameter isListening: true while notifications arrive.
    package func listening(_ isListening: Bool) {
        contents.withLock { contents in
            contents.isListening = isListening
            contents.forgetAll()
        }
    }
}
