internal import Domain
internal import EventLoop
internal import Formats
internal import Glibc
internal import HTTP
internal import Persistence
internal import Web

/// The running service: loops, databases, servers, the listener and the workers, in the order of dependency.
final class Service: Sendable {
    private let configuration: Configuration
    private let log: Log
    private let loops: LoopGroup
    private let world: World
    private let sites: [Site]
    private let servers: [HTTPServer]
    private let sockets: [ListeningSocket]
    private let notifications: Notifications
    private let worker: Worker

    /// - Throws: `SystemError` if no descriptors are left.
    init(
        _ configuration: Configuration, databaseAddress: String, keys: Keys, vault: TokenVault, log: Log,
        sockets: [ListeningSocket], crashes: CrashWatch
    ) throws(SystemError) {
        Machine.keepFreedMemory()
        self.configuration = configuration
        self.log = log
        let loops = try LoopGroup(count: sockets.count)
        self.loops = loops
        crashes.watch(loops.loops)
        self.sockets = sockets
        let settings = ConnectionSettings(address: databaseAddress, name: "tracking-dashboard")
        var limits = Database.Limits()
        limits.shared = configuration.connectionsPerLoop
        var slowLimits = SlowLane.Limits()
        slowLimits.atOnce = configuration.slowStatementsAtOnce
        slowLimits.perTenant = max(1, slowLimits.atOnce / 2)
        let slowLane = SlowLane(slowLimits)
        let databases = loops.loops.map { Database(settings, on: $0, limits: limits, slowLane: slowLane) }
        let live = LiveStatus(hubs: zip(loops.loops, databases).map { StatusHub(on: $0, database: $1) })
        let world = World(
            settings: Self.siteSettings(configuration, port: sockets[0].port), keys: keys, vault: vault,
            discord: configuration.discord(port: sockets[0].port), live: live, log: log, now: { .now })
        self.world = world
        let endpoints = Endpoints.all(isDemo: configuration.isDemo)
        let sites = zip(loops.loops, databases).map {
            Site(world: world, database: $1, loop: $0, endpoints: endpoints)
        }
        self.sites = sites
        let (httpLimits, budget, responses) = (
            Self.httpLimits(loops: sockets.count), BodyBudget(), BodyBudget(.responses)
        )
        servers = sites.map {
            HTTPServer(on: $0.loop, handler: $0, limits: httpLimits, budget: budget, responses: responses)
        }
        notifications = Notifications(
            ConnectionSettings(address: databaseAddress, name: "tracking-dashboard listener"), on: loops.loops[0])
        worker = Worker(
            sites[0], ConnectionSettings(address: databaseAddress, name: "tracking-dashboard leader"),
            skipping: crashes.skippedWork)
    }

    /// Client connections leave descriptors for the database, files and `OverflowDoor`.
    private static func httpLimits(loops: Int) -> HTTPServer.Limits {
        var limits = HTTPServer.Limits()
        let reserved = 64 + loops * 64
        let forClients = max(loops * 16, Machine.raiseDescriptorLimit() - reserved)
        limits.connections = min(limits.connections, forClients / loops)
        return limits
    }

    private static func siteSettings(_ configuration: Configuration, port: UInt16) -> SiteSettings {
        var origin = configuration.origin
        // Port 0 takes any free port, which is known only now.
        if configuration.port == 0, origin.hasSuffix(":0") { origin = origin.dropLast(1) + "\(port)" }
        var settings = SiteSettings(
            origin: origin, isDemo: configuration.isDemo,
            application: configuration.isDemo ? DiscordStandIn.application : configuration.application,
            requestsPerMinute: configuration.requestsPerMinute, operatorName: configuration.operatorName,
            operatorContact: configuration.operatorContact)
        settings.missingDiscordVariables = configuration.missingDiscordVariables
        settings.requestsPerTenantPerMinute = configuration.requestsPerTenantPerMinute
        settings.requestsPerKeyPerMinute = configuration.requestsPerKeyPerMinute
        settings.enforcesScopes = configuration.enforcesScopes
        // The database usually shares these cores; the other half is for reads.
        settings.batchesAtOnce = max(1, Machine.coreCount / 2)
        settings.signInsPer15Minutes = configuration.signInsPer15Minutes
        settings.allowedOrigins = configuration.allowedOrigins
        settings.trustedProxies = configuration.trustedProxies
        settings.metricsTokenHash = configuration.metricsToken.map { Crypto.sha256($0.bytes) }
        settings.version = Version.current
        return settings
    }

    var port: UInt16 { sockets[0].port }
    var origin: String { world.settings.origin }

    // MARK: Starting

    func start() throws(SystemError) {
        listen()
        for (site, (server, socket)) in zip(sites, zip(servers, sockets)) {
            let log = log
            site.loop.onIdle { log.flush() }
            site.loop.execute {
                site.database.start()
                do {
                    try server.start(on: socket)
                } catch {
                    log.error("the HTTP server could not be started: \(error)")
                }
            }
        }
        let (notifications, worker) = (notifications, worker)
        sites[0].loop.execute {
            notifications.start()
            worker.start()
        }
        loops.start()
    }

    /// Follows notifications of the database: ended sessions, changed rights, heartbeats.
    private func listen() {
        let (world, site) = (world, sites[0])
        world.follow(notifications)
        notifications.onConnect { Service.refreshStatus(world, site) }
        notifications.onMessage("bot_status") { _ in Service.refreshStatus(world, site) }
        notifications.onMessage("queue_depth") { payload in
            if let guild = GuildID(payload) { world.live.queueChanged(in: guild) }
        }
        notifications.onMessage("tracking_changed") { payload in
            if let guild = GuildID(payload) { world.live.trackingChanged(in: guild) }
        }
    }

    private static func refreshStatus(_ world: World, _ site: Site) {
        Task(executorPreference: site.loop) { try? await world.live.refresh(site.database) }
    }

    // MARK: Stopping

    /// In reverse order: no new connections, end the streams, finish requests, write their usage counts, close the
    /// database.
    func stop() {
        sites[0].loop.execute { [self] in
            worker.stop()
            notifications.stop()
        }
        onEachLoop { [self] index in await servers[index].stop(within: .seconds(8)) }
        onEachLoop { [self] index in if index == 0 { await writeUsage() } }
        onEachLoop { [self] index in sites[index].database.stop() }
        loops.stop()
        log.flush()
    }

    /// Waits until all loops have finished.
    private func onEachLoop(_ work: @escaping @Sendable (Int) async -> Void) {
        let done = Countdown(sites.count)
        for index in sites.indices {
            Task(executorPreference: sites[index].loop) {
                await work(index)
                done.countDown()
            }
        }
        done.wait()
    }

    /// Service managers do not wait for long.
    private func writeUsage() async {
        let (world, site, log) = (world, sites[0], log)
        await site.loop.wait(atMost: .seconds(1)) {
            do {
                try await world.usage.flush(site.database)
            } catch {
                log.warning("the last seconds' usage was not written: \(error)")
            }
        }
    }
}
