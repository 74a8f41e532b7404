internal import CCrash
internal import Glibc

/// The work in progress on a loop, for the crash line that a fatal signal writes.
///
/// A fixed block of memory, written on the loop's thread without locks or allocation. Never freed, since a signal may
/// come at any time.
@safe package final class UnderWay: @unchecked Sendable {
    /// A place in the record; invalid after `end`.
    package struct Slot: Sendable {
        fileprivate let index: Int32
    }

    let record: UnsafeMutablePointer<crash_loop>

    init() {
        unsafe record = .allocate(capacity: 1)
        unsafe record.initialize(to: crash_loop())
    }

    // MARK: On the loop

    /// Call from the task that does the work: the line marks the work whose task was running.
    ///
    /// - Parameters:
    ///   - work: ASCII, such as a route's template; cut after 95 bytes.
    ///   - request: the id of the request, if there is one.
    /// - Returns: the slot for `end`.
    package func begin(_ work: String, request: String = "") -> Slot {
        var (work, request) = (work, request)
        return Slot(
            index: work.withUTF8 { work in
                request.withUTF8 { request in
                    unsafe work.withMemoryRebound(to: CChar.self) { work in
                        unsafe request.withMemoryRebound(to: CChar.self) { request in
                            unsafe crash_begin(
                                record, work.baseAddress, work.count, request.baseAddress, request.count, crash_now())
                        }
                    }
                }
            })
    }

    package func end(_ slot: Slot) { unsafe crash_end(record, slot.index) }

    /// The task that runs from here on; nil between two tasks.
    func run(_ job: UnownedJob?) {
        // A job that resumes a task is that task: its address stays the same.
        unsafe crash_run(record, job.map { unsafe unsafeBitCast($0, to: UInt.self) } ?? 0)
    }

    func enterThread() { unsafe crash_enter_thread(record) }
}
