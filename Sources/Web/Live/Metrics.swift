internal import Domain
internal import Formats
internal import HTTP
internal import Synchronization

/// The meters of all loops.
///
/// They are summed only on request.
final class Metrics: Sendable {
    let startedAt = Timestamp.now
    private let meters = Mutex<[LoopMeter]>([])

    func add(_ meter: LoopMeter) { meters.withLock { $0.append(meter) } }

    var loopCount: Int { meters.withLock(\.count) }

    /// The sum of all loops; nil if there is none.
    func read() async -> LoopReading? {
        var sum: LoopReading?
        for meter in meters.withLock(\.self) {
            let reading = await meter.read()
            if sum == nil { sum = reading } else { sum?.add(reading) }
        }
        return sum
    }
}
