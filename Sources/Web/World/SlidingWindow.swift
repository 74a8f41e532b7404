internal import Formats
internal import HTTP

/// The requests of one key within a sliding window of time.
///
/// Requests close together share an entry, which expires with the last of them. So any window contains at most the
/// limit, and a key needs at most `entryCount` entries, for any limit.
///
/// Times are arguments, in nanoseconds of a monotonic clock.
struct SlidingWindow: Equatable {
    private struct Entry: Equatable {
        let first: Int64
        var last: Int64
        var count: Int
    }

    /// Maximum entries of one key: requests within a 128th of the window share one, and entries at both ends may
    /// overlap the window partly.
    static let entryCount = 130

    private var entries: [Entry] = []
    private(set) var count = 0

    /// Entries in memory.
    var size: Int { entries.count }

    /// Removes entries older than the window.
    mutating func expire(before start: Int64) {
        guard let oldest = entries.first, oldest.last <= start else { return }
        let expired = entries.prefix { $0.last <= start }
        count -= expired.reduce(0) { $0 + $1.count }
        entries.removeFirst(expired.count)
    }

    mutating func add(at now: Int64, window: Int64) {
        count += 1
        if let newest = entries.indices.last, now - entries[newest].first < window / 128 {
            entries[newest].last = max(now, entries[newest].last)
            entries[newest].count += 1
        } else {
            entries.append(Entry(first: now, last: now, count: 1))
        }
    }

    /// When the oldest requests leave the window; at least one more is possible then.
    func release(window: Int64) -> Int64? { entries.first.map { $0.last + window } }
}
