internal import Formats
internal import Glibc
internal import HTTP

/// A request to stop a command: Ctrl-C, `kill`, or a closed terminal.
///
/// From its creation on these signals no longer end the process. The command polls for them while it waits, stops its
/// wait, and rolls back. Only a second Ctrl-C interrupts the rollback.
final class Interruption {
    private let signals: Signals
    /// The first signal received.
    private(set) var signal: Int32?
    /// True during a rollback or a commit, which must not be interrupted.
    var isTooLate = false

    init() { signals = Signals([SIGINT, SIGTERM, SIGHUP].filter { !Signals.isIgnored($0) }) }

    /// True once, if the command should stop; later waits belong to the rollback.
    ///
    /// Waits up to the limit for a signal.
    func isAsked(within limit: Duration = .zero) -> Bool {
        guard signal == nil, !isTooLate else {
            usleep(UInt32(limit / .microseconds(1)))
            return false
        }
        signal = signals.wait(atMost: limit)
        if signal != nil { signals.unblock(SIGINT) }
        return signal != nil
    }

    /// The exit code, as if the signal had ended the process.
    var exitCode: Int32? { signal.map { 128 + $0 } }

    /// The reason why the command stops: the signal, or else the error.
    func reason(_ error: any Error) -> String {
        switch signal {
        case nil: "\(error)"
        case SIGINT: "stopped by SIGINT"
        case SIGHUP: "stopped by SIGHUP"
        default: "stopped by SIGTERM"
        }
    }
}
