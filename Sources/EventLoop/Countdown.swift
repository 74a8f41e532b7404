internal import Glibc
internal import Synchronization

/// Lets a thread wait until other threads have counted down to zero.
package final class Countdown: Sendable {
    private let left: Atomic<Int>
    private let pipe: (read: Int32, write: Int32)

    package init(_ count: Int) {
        left = Atomic(count)
        var ends: [Int32] = [-1, -1]
        let result = unsafe Glibc.pipe(&ends)
        precondition(result == 0, "no descriptor is left")
        pipe = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        close(pipe.read)
        close(pipe.write)
    }

    package func countDown() {
        guard left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        var byte: UInt8 = 0
        unsafe write(pipe.write, &byte, 1)
    }

    /// Blocks the calling thread: do not call on a loop.
    package func wait() {
        var byte: UInt8 = 0
        unsafe read(pipe.read, &byte, 1)
    }
}
