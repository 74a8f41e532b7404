internal import EventLoop
internal import Formats

/// The queue of requests that wait for a connection, each with a timeout.
struct WaitingLine<Entry> {
    private final class Place {
        var entry: Entry?
        var timer: LoopTimer?
        init(_ entry: Entry) { self.entry = entry }
    }
    private var places: [Place] = []

    var isEmpty: Bool { places.isEmpty }
    /// The entries that still wait.
    var count: Int { places.count { $0.entry != nil } }

    mutating func add(_ entry: Entry, on loop: EventLoop, limit: Duration, giveUp: @escaping (Entry) -> Void) {
        let place = Place(entry)
        place.timer = loop.schedule(after: limit) {
            guard let entry = place.entry else { return }
            place.entry = nil
            giveUp(entry)
        }
        places.append(place)
    }

    /// The first waiting entry that may go on.
    mutating func next(where mayGoOn: (Entry) -> Bool = { _ in true }) -> Entry? {
        places.removeAll { $0.entry == nil }
        guard let index = places.firstIndex(where: { $0.entry.map(mayGoOn) ?? false }) else { return nil }
        let place = places.remove(at: index)
        place.timer?.cancel()
        return place.entry
    }

    mutating func takeAll() -> [Entry] {
        var entries: [Entry] = []
        while let entry = next() { entries.append(entry) }
        return entries
    }
}
