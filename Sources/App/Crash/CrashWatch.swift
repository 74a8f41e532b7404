internal import Domain
internal import EventLoop
internal import Web

/// Reports the crash of the last run, and makes this run leave a line behind if it crashes.
struct CrashWatch {
    /// Background work that the last two runs crashed in; it is left out of this run.
    let skippedWork: BackgroundCounts.Work?
    private let report: CrashReport?

    /// After so many runs in a row that ended in the same background work, it is left out of the next one.
    private static let patience = 2

    /// Call with the data directory locked.
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
        skippedWork = last.runs >= Self.patience ? last.culprit.flatMap(BackgroundCounts.Work.init(recordedAs:)) : nil
        if let skippedWork {
            log.error(
                "background work is left out of this run, since the last runs crashed in it",
                [("work", skippedWork.rawValue), ("runs", "\(last.runs)")])
        }
    }

    private static func report(in dataDirectory: String, _ log: Log) -> CrashReport? {
        do {
            return try CrashReport(at: LastCrash.path(in: dataDirectory), version: Version.current)
        } catch {
            log.warning("a crash would not be reported: \(error)")
            return nil
        }
    }

    func watch(_ loops: [EventLoop]) { report?.watch(loops) }
}
