internal import CCrash
internal import Glibc

/// Leaves a line behind when a fatal signal ends the process: on standard error, and in a file that the next start reads.
///
/// The signal then does what it would have done anyway, so exit status and core dump stay as they are.
@safe package final class CrashReport: @unchecked Sendable {
    private let state: UnsafeMutablePointer<crash_state>

    /// Call once, from the main thread.
    ///
    /// The file is made if it is missing. What it holds stays until there is a crash.
    ///
    /// - Throws: `SystemError` if the file cannot be opened, or there is no memory.
    package init(at path: String, version: String) throws(SystemError) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError("open") }
        guard let state = unsafe crash_install(file, path, version) else { throw SystemError("calloc") }
        unsafe self.state = state
        unsafe _ = crash_add_stack()
    }

    /// The background work that the last run crashed in, and how many runs in a row did: the next line counts on.
    package func remember(culprit: String, runs: Int) {
        unsafe crash_remember(state, culprit, UInt32(clamping: runs))
    }

    /// Call from the main thread.
    ///
    /// The loops' records are read when a signal comes.
    package func watch(_ loops: [EventLoop]) {
        for loop in loops { unsafe crash_add_loop(state, loop.underWay.record) }
    }
}

/// A stack of its own for the handlers of signals, for the thread that makes it: a full stack can then be reported.
@safe struct SignalStack: ~Copyable {
    private let memory: UnsafeMutableRawPointer?

    init() { unsafe memory = crash_add_stack() }

    deinit { unsafe crash_remove_stack(memory) }
}
