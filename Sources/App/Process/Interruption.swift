internal import Formats
internal import Glibc
internal import HTTP

/// What asks a command to stop before it is done: Ctrl-C, `kill`, a terminal that is closed.
///
/// From its making on these signals no longer end the process. The command looks for them wherever it waits, ends what it
/// is waiting for, and undoes what it has begun. Only another Ctrl-C ends it over that.
final class Interruption {
    private let signals: Signals
    /// The first that came.
    private(set) var signal: Int32?
    /// Whether what was begun is being undone, or as good as done: neither is to be stopped.
    var isTooLate = false

    init() { signals = Signals([SIGINT, SIGTERM, SIGHUP].filter { !Signals.isIgnored($0) }) }

    /// Whether to stop, told once: whatever is waited for afterwards is the undoing.
    ///
    /// Waits so long for a signal.
    func isAsked(within limit: Duration = .zero) -> Bool {
        guard signal == nil, !isTooLate else {
            usleep(UInt32(limit / .microseconds(1)))
            return false
        }
        signal = signals.wait(atMost: limit)
        if signal != nil { signals.unblock(SIGINT) }
        return signal != nil
    }

    /// What the process ends with, as if the signal had ended it.
    var exitCode: Int32? { signal.map { 128 + $0 } }

    /// Why the command does not go on: that signal, or else the error.
    func reason(_ error: any Error) -> String {
        switch signal {
        case nil: "\(error)"
        case SIGINT: "stopped by SIGINT"
        case SIGHUP: "stopped by SIGHUP"
        default: "stopped by SIGTERM"
        }
    }
}
