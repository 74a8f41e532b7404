internal import CEpoll
internal import Glibc

/// Wraps epoll and eventfd.
@safe final class Epoll {
    /// The tag of the wake-up descriptor, which `wait` consumes.
    static let wakeUpTag = UInt64.max

    private let descriptor: Int32
    private let wakeUpDescriptor: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    init() throws(SystemError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("epoll_create1") }
        wakeUpDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUpDescriptor >= 0 else { throw SystemError("eventfd") }
        unsafe events = .allocate(capacity: 128)
        guard control(EPOLL_CTL_ADD, wakeUpDescriptor, .readable, tag: Self.wakeUpTag) else {
            throw SystemError("epoll_ctl")
        }
    }

    deinit {
        unsafe events.deallocate()
        close(wakeUpDescriptor)
        close(descriptor)
    }

    func add(_ file: Int32, for interest: Readiness, tag: UInt64) -> Bool {
        control(EPOLL_CTL_ADD, file, interest, tag: tag)
    }

    func change(_ file: Int32, to interest: Readiness, tag: UInt64) {
        _ = control(EPOLL_CTL_MOD, file, interest, tag: tag)
    }

    func remove(_ file: Int32) { _ = control(EPOLL_CTL_DEL, file, [], tag: 0) }

    private func control(_ operation: Int32, _ file: Int32, _ interest: Readiness, tag: UInt64) -> Bool {
        var event = unsafe epoll_event()
        unsafe event.events = interest.events
        unsafe event.data.u64 = tag
        return unsafe epoll_ctl(descriptor, operation, file, &event) == 0
    }

    /// Waits until a descriptor is ready or the timeout expires.
    func wait(milliseconds: Int32) -> Int {
        max(0, Int(unsafe epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)))
    }

    /// Event number `index` of the last `wait`; `isWakeUp` if it was only `wake`.
    func event(_ index: Int) -> (tag: UInt64, readiness: Readiness) {
        unsafe (events[index].data.u64, Readiness(events: events[index].events))
    }

    /// Ends a `wait` on another thread.
    func wake() {
        var one: UInt64 = 1
        unsafe write(wakeUpDescriptor, &one, 8)
    }

    func clearWakeUp() {
        var value: UInt64 = 0
        unsafe read(wakeUpDescriptor, &value, 8)
    }
}
