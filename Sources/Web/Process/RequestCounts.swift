internal import Formats
internal import HTTP

/// Finished requests by row of the endpoint table: counts by status, and durations.
///
/// A fixed set of counters, so that requests for unknown addresses do not add any.
struct RequestCounts: Sendable {
    /// The statuses that the service sends; all others share one counter.
    static let statuses = [
        200, 201, 202, 204, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429,
        431, 500, 502, 503,
    ]
    /// Upper bounds of the histogram's buckets, in microseconds and as Prometheus text; one more bucket holds the rest.
    static let bounds: [(microseconds: Int64, seconds: StaticString)] = [
        (500, "0.0005"), (1_000, "0.001"), (2_500, "0.0025"), (5_000, "0.005"), (10_000, "0.01"), (25_000, "0.025"),
        (50_000, "0.05"), (100_000, "0.1"), (250_000, "0.25"), (500_000, "0.5"), (1_000_000, "1"), (2_500_000, "2.5"),
        (5_000_000, "5"), (10_000_000, "10"),
    ]

    /// The index in `statuses` for each status from 0 to 599.
    private static let places: [UInt8] = (0..<600).map { status in
        UInt8(statuses.firstIndex(of: status) ?? statuses.count)
    }

    private let endpointCount: Int
    private var answers: [Int]
    private var durations: [Int]
    private var microseconds: [Int64]

    init(endpointCount: Int) {
        self.endpointCount = endpointCount
        answers = Array(repeating: 0, count: (endpointCount + 1) * (Self.statuses.count + 1))
        durations = Array(repeating: 0, count: (endpointCount + 1) * (Self.bounds.count + 1))
        microseconds = Array(repeating: 0, count: endpointCount + 1)
    }

    /// Counts a response; `endpoint` is nil if no endpoint matched.
    mutating func count(endpoint: Int?, status: Int, microseconds duration: Int64) {
        let row = endpoint ?? endpointCount
        let place = Self.places.indices.contains(status) ? Int(Self.places[status]) : Self.statuses.count
        answers[row * (Self.statuses.count + 1) + place] += 1
        var bucket = 0
        while bucket < Self.bounds.count, duration > Self.bounds[bucket].microseconds { bucket += 1 }
        durations[row * (Self.bounds.count + 1) + bucket] += 1
        microseconds[row] += duration
    }

    mutating func add(_ other: RequestCounts) {
        for index in answers.indices { answers[index] += other.answers[index] }
        for index in durations.indices { durations[index] += other.durations[index] }
        for index in microseconds.indices { microseconds[index] += other.microseconds[index] }
    }

    // MARK: Reading

    /// The responses of an endpoint (or of none) by status; nil stands for all other statuses together.
    func answers(of endpoint: Int?) -> [(status: Int?, count: Int)] {
        let start = (endpoint ?? endpointCount) * (Self.statuses.count + 1)
        return (Self.statuses.map(Int?.some) + [nil]).enumerated().compactMap { place, status in
            let count = answers[start + place]
            return count > 0 ? (status, count) : nil
        }
    }

    /// The count of each bucket, not cumulative.
    func durations(of endpoint: Int?) -> ArraySlice<Int> {
        let start = (endpoint ?? endpointCount) * (Self.bounds.count + 1)
        return durations[start...start + Self.bounds.count]
    }

    func microseconds(of endpoint: Int?) -> Int64 { microseconds[endpoint ?? endpointCount] }
}
