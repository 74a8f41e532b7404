internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// Repeats background jobs on a loop, by the loop's clock.
///
/// A run begins an interval after the last one has ended, so no job runs twice at once.
final class BackgroundJobs: @unchecked Sendable {
    typealias Work = BackgroundCounts.Work

    private let loop: EventLoop
    private let counts: BackgroundCounts
    private let log: Log
    /// The job that crashed the last runs.
    private let skipped: Work?
    private let leads: @Sendable () -> Bool
    private var isStopped = false

    /// `leads`: whether this process is the background leader now.
    init(
        on loop: EventLoop, counts: BackgroundCounts, log: Log, skipping skipped: Work? = nil,
        leads: @escaping @Sendable () -> Bool
    ) {
        self.loop = loop
        self.counts = counts
        self.log = log
        self.skipped = skipped
        self.leads = leads
    }

    // MARK: On the loop

    /// Lets the runs in progress end, and begins no others.
    func stop() { isStopped = true }

    var isLeading: Bool { !isStopped && leads() }

    /// Repeats a job, with a pause that is chosen after each run.
    func forever(pause: @escaping @Sendable () -> Duration, _ job: @escaping @Sendable () async -> Void) {
        Task(executorPreference: loop) { [self] in
            while !isStopped {
                await job()
                await loop.sleep(for: pause())
            }
        }
    }

    func every(_ interval: Duration, _ kind: Work, _ work: @escaping @Sendable () async throws -> Void) {
        forever(pause: { interval }) { [self] in await run(kind, work) }
    }

    /// Repeats a job while this process leads, and checks once a second if it does.
    func everyIfLeading(_ interval: Duration, _ kind: Work, _ work: @escaping @Sendable () async throws -> Void) {
        Task(executorPreference: loop) { [self] in
            while !isStopped {
                if leads() {
                    await run(kind, work)
                    await loop.sleep(for: interval)
                } else {
                    await loop.sleep(for: .seconds(1))
                }
            }
        }
    }

    /// Repeats a step with short pauses until it returns false, or this process leads no longer.
    func whileLeading(pause: Duration, _ step: @Sendable () async throws -> Bool) async throws {
        while isLeading, try await step() { await loop.sleep(for: pause) }
    }

    /// Runs a job once, and counts its result.
    func run(_ kind: Work, _ work: @Sendable () async throws -> Void) async {
        guard kind != skipped else { return counts.note(kind, isDone: false) }
        let slot = loop.underWay.begin(kind.record)
        defer { loop.underWay.end(slot) }
        do {
            try await work()
            counts.note(kind, isDone: true)
        } catch DatabaseFailure.unavailable, DatabaseFailure.busy {
            // Requests report it already; the next turn retries.
            counts.note(kind, isDone: false)
        } catch {
            counts.note(kind, isDone: false)
            // Logged when it began.
            if kind == .connections { return }
            log.error("background work failed: \(error)")
        }
    }
}
