internal import HTTP
internal import Persistence

/// Exit codes; those of `sysexits.h` if there is one.
enum ExitCode {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let wrongCommand: Int32 = 64
    static let wrongFile: Int32 = 65
    static let notThere: Int32 = 66
    static let tryAgain: Int32 = 75
    static let wrongConfiguration: Int32 = 78

    /// For errors without a code of their own: `tryAgain` for temporary ones, such as a lock.
    static func of(_ error: any Error) -> Int32 {
        switch error {
        case Migrator.Failure.locked, DatabaseFailure.busy: tryAgain
        default: failed
        }
    }
}
