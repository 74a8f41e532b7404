internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Web

/// Reports the crash of the last run, and prepares this run to record one.
struct CrashWatch {
    /// The background job that the last two runs crashed in; this run skips it.
    let skippedWork: BackgroundCounts.Work?
    private let report: CrashReport?

    /// After this number of consecutive crashes in the same background job, the next run skips it.
    private static let crashLimit = 2

    /// Call while holding the lock of the data directory.
    init(_ dataDirectory: String, _ log: Log) {
        let last = LastCrash(in: dataDirectory).flatMap { $0.isReported ? nil : $0 }
        let report = Self.report(in: dataDirectory, log)
        self.report = report
        guard let last else {
            skippedWork = nil
            return
        }
        LastCrash.noteReported(in: dataDirectory)
        log.warning(
            "the last run ended with \(last.signal)",
            [("at", last.time), ("underWay", last.workText), ("file", LastCrash.path(in: dataDirectory))])
        if let culprit = last.culprit { report?.remember(culprit: culprit, runs: last.runs) }
        skippedWork = last.runs >= Self.crashLimit ? last.culprit.flatMap(BackgroundCounts.Work.init(recordedAs:)) : nil
        if let skippedWork {
            log.error(
                "skipping a background job, because the last runs crashed in it",
                [("work", skippedWork.rawValue), ("runs", "\(last.runs)")])
        }
    }

    private static func report(in dataDirectory: String, _ log: Log) -> CrashReport? {
        do {
            return try CrashReport(at: LastCrash.path(in: dataDirectory), version: Version.current)
        } catch {
            log.warning("crash reports are not available: \(error)")
            return nil
        }
    }

    func watch(_ loops: [EventLoop]) { report?.watch(loops) }
}
