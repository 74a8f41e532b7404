internal import HTTP
internal import Persistence

/// Exit codes, where there is one as in `sysexits.h`.
enum ExitCode {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let wrongCommand: Int32 = 64
    static let wrongFile: Int32 = 65
    static let notThere: Int32 = 66
    static let tryAgain: Int32 = 75
    static let wrongConfiguration: Int32 = 78

    /// Of an error that has no code of its own: `tryAgain` for one that ends by itself, such as a lock.
    static func of(_ error: any Error) -> Int32 {
        switch error {
        case Migrator.Failure.locked, DatabaseFailure.busy: tryAgain
        default: failed
        }
    }
}
