internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence
internal import Web

/// The background jobs of the service, on its first loop: they watch the bot, and keep the tables small.
final class Worker: @unchecked Sendable {
    private let site: Site
    private let leadership: Leadership
    /// The job that crashed the last runs.
    private let skipped: BackgroundCounts.Work?
    private var isStopped = false

    /// Settings for connections that are opened only as a check.
    private let trial: ConnectionSettings

    init(_ site: Site, _ settings: ConnectionSettings, skipping skipped: BackgroundCounts.Work? = nil) {
        self.site = site
        self.skipped = skipped
        trial = ConnectionSettings(address: settings.address, name: "tracking-dashboard trial")
        leadership = Leadership(settings, on: site.loop) { [world = site.world] isLeader in
            world.background.lead(isLeader)
            world.log.info(isLeader ? "now the background leader" : "no longer the background leader")
        }
    }

    func start() {
        leadership.start()
        // Silence causes no notification, so the state is polled. 2 s keep within the promised 5 s.
        every(.seconds(2), .status) { [site] in try await site.world.live.refresh(site.database) }
        writeAndLook(every: .seconds(5))
        tryNewConnections()
        // Each delivery is claimed separately, so that all processes share them.
        every(.seconds(5), .notices) { [site] in try await OutageNotices(site.world, site.database).run() }
        every(.seconds(600), .housekeeping, onlyLeading: true) { [site] in
            try await BotHealth.rollUp(site.database)
            try await CleanUp.makePartitions(site.database)
            try await CleanUp.run(site.database)
            try await UsageCounting.noteTotals(site.database)
        }
        every(.seconds(60), .thinning, onlyLeading: true) { [self] in
            while !isStopped, leadership.isLeader, try await CleanUp.thinHistory(site.database) {
                await site.loop.sleep(for: .milliseconds(200))
            }
        }
    }

    func stop() {
        isStopped = true
        leadership.stop()
    }

    /// One after the other: while the database hangs, any statement in progress delays the detection of a lost
    /// connection, and requests need the other connections.
    private func writeAndLook(every interval: Duration) {
        Task(executorPreference: site.loop) { [self] in
            let (world, database) = (site.world, site.database)
            while !isStopped {
                await run(.usage) { try await world.usage.flush(database) }
                if leadership.isLeader {
                    await run(.queues) { try await world.queues.read(database, at: world.steadyNow()) }
                }
                await site.loop.sleep(for: interval)
            }
        }
    }

    /// Once a minute; more often while connections fail, so that recovery is noticed soon.
    private func tryNewConnections() {
        Task(executorPreference: site.loop) { [self] in
            let (world, loop) = (site.world, site.loop)
            while !isStopped {
                await run(.connections) { [trial] in
                    do throws(DatabaseFailure) {
                        try await NewConnection.check(trial, on: loop)
                        world.newConnections.note(nil, world.log)
                    } catch {
                        world.newConnections.note(error, world.log)
                        throw error
                    }
                }
                await loop.sleep(for: world.newConnections.fails ? .seconds(2) : .seconds(60))
            }
        }
    }

    private func every(
        _ interval: Duration, _ kind: BackgroundCounts.Work, onlyLeading: Bool = false,
        _ work: @escaping @Sendable () async throws -> Void
    ) {
        Task(executorPreference: site.loop) { [self] in
            while !isStopped {
                guard leadership.isLeader || !onlyLeading else {
                    await site.loop.sleep(for: .seconds(1))
                    continue
                }
                await run(kind, work)
                await site.loop.sleep(for: interval)
            }
        }
    }

    private func run(_ kind: BackgroundCounts.Work, _ work: @Sendable () async throws -> Void) async {
        guard kind != skipped else { return site.world.background.note(kind, isDone: false) }
        let slot = site.loop.underWay.begin(kind.record)
        defer { site.loop.underWay.end(slot) }
        do {
            try await work()
            site.world.background.note(kind, isDone: true)
        } catch DatabaseFailure.unavailable, DatabaseFailure.busy {
            // Requests report it already; the next turn retries.
            site.world.background.note(kind, isDone: false)
        } catch {
            site.world.background.note(kind, isDone: false)
            // Logged when it began.
            if kind == .connections { return }
            site.world.log.error("background work failed: \(error)")
        }
    }
}
