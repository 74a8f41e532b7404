/// The scheduler behind `FairTurns`: at most `limit` turns at once, at most `limitPerKey` of one key, and keys with
/// waiting entries take turns.
///
/// A pure state machine; the caller's tickets name the entries.
struct TurnQueue<Key: Hashable> {
    enum Entry: Equatable {
        case granted
        case waiting
        /// The key has reached its limit of waiting entries.
        case full
    }

    private let limit: Int
    private let limitPerKey: Int
    private let waitingPerKey: Int
    private var inUse = 0
    private var usedBy: [Key: Int] = [:]
    private var waiting: [Key: [Int]] = [:]
    /// Keys with waiting entries; the first is next.
    private var order: [Key] = []

    init(limit: Int, limitPerKey: Int, waitingPerKey: Int) {
        self.limit = limit
        self.limitPerKey = limitPerKey
        self.waitingPerKey = waitingPerKey
    }

    var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }

    mutating func enter(_ key: Key, ticket: Int) -> Entry {
        if mayStart(key) {
            start(key)
            return .granted
        }
        guard waiting[key]?.count ?? 0 < waitingPerKey else { return .full }
        if waiting[key] == nil { order.append(key) }
        waiting[key, default: []].append(ticket)
        return .waiting
    }

    /// Ends a turn of the key.
    ///
    /// - Returns: the tickets whose turn begins now.
    mutating func leave(_ key: Key) -> [Int] {
        inUse -= 1
        let left = (usedBy[key] ?? 1) - 1
        usedBy[key] = left > 0 ? left : nil
        var granted: [Int] = []
        while let ticket = grantNext() { granted.append(ticket) }
        return granted
    }

    /// Removes a waiting entry from the queue.
    ///
    /// - Returns: false if it no longer waits.
    mutating func withdraw(_ ticket: Int, of key: Key) -> Bool {
        guard let index = waiting[key]?.firstIndex(of: ticket) else { return false }
        remove(at: index, of: key)
        return true
    }

    private func mayStart(_ key: Key) -> Bool { inUse < limit && usedBy[key] ?? 0 < limitPerKey }

    private mutating func start(_ key: Key) {
        inUse += 1
        usedBy[key, default: 0] += 1
    }

    private mutating func grantNext() -> Int? {
        guard let index = order.firstIndex(where: mayStart) else { return nil }
        let key = order.remove(at: index)
        guard let ticket = waiting[key]?.first else { return nil }
        order.append(key)
        remove(at: 0, of: key)
        start(key)
        return ticket
    }

    private mutating func remove(at index: Int, of key: Key) {
        waiting[key]?.remove(at: index)
        guard waiting[key]?.isEmpty ?? true else { return }
        waiting[key] = nil
        order.removeAll { $0 == key }
    }
}
