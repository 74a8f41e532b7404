internal import Domain
internal import Formats

/// The queue of requests that wait for a connection, each with a deadline.
///
/// Times are arguments. All entries wait equally long, so the first entry always has the earliest deadline.
struct WaitingLine<Entry> {
    typealias Instant = ContinuousClock.Instant

    private struct Place {
        let entry: Entry
        let client: ClientID?
        let deadline: Instant
    }
    private let limit: Duration
    private var places: [Place] = []

    init(limit: Duration) { self.limit = limit }

    var isEmpty: Bool { places.isEmpty }
    var count: Int { places.count }

    mutating func add(_ entry: Entry, of client: ClientID?, at now: Instant) {
        places.append(Place(entry: entry, client: client, deadline: now + limit))
    }

    /// Index of the first entry whose tenant may go on.
    func firstIndex(where mayGoOn: (ClientID?) -> Bool) -> Int? { places.firstIndex { mayGoOn($0.client) } }

    mutating func remove(at index: Int) -> (entry: Entry, client: ClientID?) {
        let place = places.remove(at: index)
        return (place.entry, place.client)
    }

    /// Removes the entries whose deadline has passed.
    mutating func removeOverdue(at now: Instant) -> [Entry] {
        let overdue = places.prefix { $0.deadline <= now }.map(\.entry)
        places.removeFirst(overdue.count)
        return overdue
    }

    mutating func removeAll() -> [Entry] {
        defer { places = [] }
        return places.map(\.entry)
    }
}
