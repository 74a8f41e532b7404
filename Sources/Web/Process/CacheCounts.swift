internal import Formats
internal import HTTP

/// Size, hits and misses of a cache.
struct CacheCounts: Sendable, Equatable {
    var entries = 0
    var hits = 0
    var misses = 0

    mutating func count(isHit: Bool) {
        if isHit { hits += 1 } else { misses += 1 }
    }
}
