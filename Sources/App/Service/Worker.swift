internal import Domain
internal import EventLoop
internal import Persistence
internal import Web

/// What the service does by itself, on its first loop: watches the bot, and keeps the tables small.
final class Worker: @unchecked Sendable {
    private let site: Site
    private var isStopped = false

    init(_ site: Site) { self.site = site }

    func start() {
        // Silence sends no message: the state is read again and again. 2 s keep within the 5 s that are promised.
        every(.seconds(2)) { [site] in try await site.world.live.refresh(site.database) }
        every(.seconds(5)) { [site] in try await site.world.usage.flush(site.database) }
        every(.seconds(5)) { [site] in try await OutageNotices(site).run() }
        every(.seconds(600)) { [site] in
            try await BotHealth.rollUp(site.database)
            try await CleanUp.makePartitions(site.database)
            try await CleanUp.run(site.database)
            try await UsageCounting.noteTotals(site.database)
        }
        every(.seconds(60)) { [self] in
            while !isStopped, try await CleanUp.thinHistory(site.database) {
                await site.loop.sleep(for: .milliseconds(200))
            }
        }
    }

    func stop() { isStopped = true }

    private func every(_ interval: Duration, _ work: @escaping @Sendable () async throws -> Void) {
        Task(executorPreference: site.loop) { [self] in
            while !isStopped {
                do {
                    try await work()
                } catch DatabaseFailure.unavailable, DatabaseFailure.busy {
                    // Requests say so already; the next turn tries again.
                } catch {
                    site.world.log.error("background work failed: \(error)")
                }
                await site.loop.sleep(for: interval)
            }
        }
    }
}
