internal import CCrash
internal import Glibc

/// Writes a line on a fatal signal: to standard error, and to a file that the next start reads.
///
/// The signal then takes its default action, so exit status and core dump stay unchanged.
@safe package final class CrashReport: @unchecked Sendable {
    private let state: UnsafeMutablePointer<crash_state>

    /// Call once, from the main thread.
    ///
    /// The file is created if it is missing; its content stays until a crash.
    ///
    /// - Throws: `SystemError` if the file cannot be opened, or memory is exhausted.
    package init(at path: String, version: String) throws(SystemError) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError("open") }
        guard let state = unsafe crash_install(file, path, version) else { throw SystemError("calloc") }
        unsafe self.state = state
        unsafe _ = crash_add_stack()
    }

    /// The background job that the last run crashed in, and the number of runs in a row that did.
    ///
    /// The next line continues the count.
    package func remember(culprit: String, runs: Int) {
        unsafe crash_remember(state, culprit, UInt32(clamping: runs))
    }

    /// Call from the main thread.
    ///
    /// The signal handler reads the loops' records.
    package func watch(_ loops: [EventLoop]) {
        for loop in loops { unsafe crash_add_loop(state, loop.underWay.record) }
    }
}

/// An alternate signal stack for the thread that creates it, so that a stack overflow can be reported.
@safe struct SignalStack: ~Copyable {
    private let memory: UnsafeMutableRawPointer?

    init() { unsafe memory = crash_add_stack() }

    deinit { unsafe crash_remove_stack(memory) }
}
