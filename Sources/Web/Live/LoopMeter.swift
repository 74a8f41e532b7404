internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

/// Metrics of one loop: plain numbers, since only that loop changes them.
final class LoopMeter: @unchecked Sendable {
    let loop: EventLoop
    private let database: Database
    private let streams: StatusHub?
    var requests: RequestCounts
    var requestsUnderWay = 0
    var signIns = SignIns()

    struct SignIns: Sendable {
        var completed = 0
        /// Expired or cancelled, or the person may not sign in.
        var refused = 0
        /// Because Discord was unreachable.
        var failed = 0
    }

    init(on loop: EventLoop, database: Database, streams: StatusHub?, endpointCount: Int) {
        self.loop = loop
        self.database = database
        self.streams = streams
        requests = RequestCounts(endpointCount: endpointCount)
    }

    /// Can be called from any loop.
    func read() async -> LoopReading {
        await Task(executorPreference: loop) { [self] in reading }.value
    }

    private var reading: LoopReading {
        LoopReading(
            requests: requests, requestsUnderWay: requestsUnderWay, signIns: signIns, shared: database.sharedUse,
            leased: database.leasedUse, slow: database.slowUse,
            streams: streams?.count ?? 0)
    }
}

/// The metrics of one or more loops.
struct LoopReading: Sendable {
    var requests: RequestCounts
    var requestsUnderWay: Int
    var signIns: LoopMeter.SignIns
    var shared: ConnectionUse
    var leased: ConnectionUse
    var slow: ConnectionUse
    var streams: Int

    mutating func add(_ other: LoopReading) {
        requests.add(other.requests)
        requestsUnderWay += other.requestsUnderWay
        signIns.completed += other.signIns.completed
        signIns.refused += other.signIns.refused
        signIns.failed += other.signIns.failed
        shared = shared + other.shared
        leased = leased + other.leased
        slow = slow + other.slow
        streams += other.streams
    }
}
