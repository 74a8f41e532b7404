internal import Synchronization

/// A counter of concurrent uses.
///
/// If none is free, `take` returns false instead of waiting.
package final class Slots: Sendable {
    private let free: Mutex<Int>

    package init(_ count: Int) { free = Mutex(count) }

    package func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    package func giveBack() { free.withLock { $0 += 1 } }
}
