/// The monotonic clock that a loop and its owners go by.
///
/// A test hands in one that stands still until it is advanced.
package struct SteadyClock: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let read: @Sendable () -> Instant

    package init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    /// The machine's own.
    package static let system = SteadyClock { .now }

    package var now: Instant { read() }
}
