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
    private let jobs: BackgroundJobs
    /// Settings for connections that are opened only as a check.
    private let trial: ConnectionSettings

    init(_ site: Site, _ settings: ConnectionSettings, skipping skipped: BackgroundCounts.Work? = nil) {
        self.site = site
        trial = ConnectionSettings(address: settings.address, name: "tracking-dashboard trial")
        let world = site.world
        let leadership = Leadership(settings, on: site.loop) { isLeader in
            world.background.lead(isLeader)
            world.log.info(isLeader ? "now the background leader" : "no longer the background leader")
        }
        self.leadership = leadership
        jobs = BackgroundJobs(on: site.loop, counts: world.background, log: world.log, skipping: skipped) {
            leadership.isLeader
        }
    }

    func start() {
        leadership.start()
        // Silence causes no notification, so the state is polled. 2 s keep within the promised 5 s.
        jobs.every(.seconds(2), .status) { [site] in try await site.world.live.refresh(site.database) }
        writeAndLook(every: .seconds(5))
        tryNewConnections()
        // Each delivery is claimed separately, so that all processes share them.
        jobs.every(.seconds(5), .notices) { [site] in try await OutageNotices(site.world, site.database).run() }
        jobs.everyIfLeading(.seconds(600), .housekeeping) { [site] in
            try await BotHealth.rollUp(site.database)
            try await CleanUp.makePartitions(site.database)
            try await CleanUp.run(site.database)
            try await UsageCounting.noteTotals(site.database)
        }
        jobs.everyIfLeading(.seconds(60), .thinning) { [site, jobs] in
            try await jobs.whileLeading(pause: .milliseconds(200)) { try await CleanUp.thinHistory(site.database) }
        }
    }

    func stop() {
        jobs.stop()
        leadership.stop()
    }

    /// One after the other: while the database hangs, any statement in progress delays the detection of a lost
    /// connection, and requests need the other connections.
    private func writeAndLook(every interval: Duration) {
        let (world, database) = (site.world, site.database)
        jobs.forever(pause: { interval }) { [jobs] in
            await jobs.run(.usage) { try await world.usage.flush(database) }
            if jobs.isLeading {
                await jobs.run(.queues) { try await world.queues.read(database, at: world.clock.now) }
            }
        }
    }

    /// Once a minute; more often while connections fail, so that recovery is noticed soon.
    private func tryNewConnections() {
        let (world, loop) = (site.world, site.loop)
        jobs.forever(pause: { world.newConnections.fails ? .seconds(2) : .seconds(60) }) { [jobs, trial] in
            await jobs.run(.connections) {
                do throws(DatabaseFailure) {
                    try await NewConnection.check(trial, on: loop)
                    world.newConnections.note(nil, world.log)
                } catch {
                    world.newConnections.note(error, world.log)
                    throw error
                }
            }
        }
    }
}
