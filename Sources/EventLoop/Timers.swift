/// A scheduled action that can be cancelled.
package final class LoopTimer {
    let deadline: ContinuousClock.Instant
    fileprivate var action: (() -> Void)?

    fileprivate init(deadline: ContinuousClock.Instant, action: @escaping () -> Void) {
        self.deadline = deadline
        self.action = action
    }

    package func cancel() { action = nil }
}

/// Timers by deadline in a binary heap; a cancelled timer stays until its deadline.
struct TimerQueue {
    private var heap: [LoopTimer] = []

    mutating func add(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> LoopTimer {
        let timer = LoopTimer(deadline: deadline, action: action)
        heap.append(timer)
        siftUp(heap.count - 1)
        return timer
    }

    /// Rounded up, so that the loop does not spin in the last fraction of a millisecond.
    func millisecondsUntilNext(from now: ContinuousClock.Instant) -> Int? {
        guard let first = heap.first else { return nil }
        let left = now.duration(to: first.deadline)
        return left <= .zero ? 0 : Int((left / .milliseconds(1)).rounded(.up))
    }

    /// The action of the first timer that is due.
    ///
    /// The caller runs it, because the action may change the queue.
    mutating func popDue(at now: ContinuousClock.Instant) -> (() -> Void)? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if let action = first.action {
                first.action = nil
                return action
            }
        }
        return nil
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(0)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
