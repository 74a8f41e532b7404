internal import Domain
internal import EventLoop
internal import Formats
internal import HTTP
internal import Persistence

/// All metrics, at one moment.
struct MetricsReport {
    private let reading: LoopReading
    private let endpoints: [Endpoint]
    private let world: World
    private let slowLane: SlowLane

    init(_ reading: LoopReading, _ call: Call) {
        self.reading = reading
        endpoints = call.context.endpoints
        world = call.world
        slowLane = call.database.slowLane
    }

    func text() -> Bytes {
        var out = MetricsWriter()
        requests(&out)
        connections(&out)
        people(&out)
        background(&out)
        queues(&out)
        memories(&out)
        bot(&out)
        process(&out)
        return out.finish()
    }

    // MARK: Requests

    /// The endpoints with requests, and last the requests that matched no endpoint.
    private var rows: [(index: Int?, method: String, route: String)] {
        (endpoints.enumerated().map { (Int?.some($0), $1.method.rawValue, $1.template) } + [(nil, "other", "none")])
            .filter { !reading.requests.answers(of: $0.0).isEmpty }
    }

    private func requests(_ out: inout MetricsWriter) {
        out.begin("dashboard_http_requests_total", .counter, "Finished requests, by method, route and status.")
        for row in rows {
            for (status, count) in reading.requests.answers(of: row.index) {
                out.sample(
                    count, ("method", row.method), ("route", row.route),
                    ("status", status.map(String.init) ?? "other"))
            }
        }
        out.begin(
            "dashboard_http_request_duration_seconds", .histogram,
            "Duration of requests, by method and route."
        )
        for row in rows { histogram(row, &out) }
        out.begin("dashboard_http_requests_under_way", .gauge, "Requests in progress.")
        out.sample(reading.requestsUnderWay)
    }

    private func histogram(_ row: (index: Int?, method: String, route: String), _ out: inout MetricsWriter) {
        let labels: (MetricsWriter.Label, MetricsWriter.Label) = (("method", row.method), ("route", row.route))
        let bounds = RequestCounts.bounds.map(\.seconds.description) + ["+Inf"]
        var sum = 0
        for (bound, count) in zip(bounds, reading.requests.durations(of: row.index)) {
            sum += count
            out.sample(sum, labels.0, labels.1, ("le", bound), suffix: "_bucket")
        }
        out.sample(
            microseconds: reading.requests.microseconds(of: row.index), labels.0, labels.1, suffix: "_sum")
        out.sample(sum, labels.0, labels.1, suffix: "_count")
    }

    // MARK: Resources of the service

    private func connections(_ out: inout MetricsWriter) {
        let pools = [("shared", reading.shared), ("leased", reading.leased), ("slow", reading.slow)]
        out.begin("dashboard_database_connections_limit", .gauge, "Maximum connections, by pool.")
        for (pool, use) in pools { out.sample(use.limit, ("pool", pool)) }
        out.begin("dashboard_database_connections_open", .gauge, "Open connections, by pool.")
        for (pool, use) in pools { out.sample(use.open, ("pool", pool)) }
        out.begin("dashboard_database_connections_busy", .gauge, "Connections in use, by pool.")
        for (pool, use) in pools { out.sample(use.busy, ("pool", pool)) }
        out.begin("dashboard_database_requests_waiting", .gauge, "Requests waiting for a connection, by pool.")
        for (pool, use) in pools { out.sample(use.waiting, ("pool", pool)) }
        out.begin("dashboard_turns_waiting", .gauge, "Requests waiting for their turn, by kind of work.")
        out.sample(slowLane.waiting, ("work", "slow_statements"))
        out.sample(world.batchTurns.waiting, ("work", "bot_batches"))
        if let works = world.newConnections.works {
            out.begin(
                "dashboard_database_new_connections_work", .gauge, "1 if a new connection worked when last tried.")
            out.sample(works ? 1 : 0)
        }
        out.begin("dashboard_event_loops", .gauge, "Event loops, each a thread.")
        out.sample(world.metrics.loopCount)
    }

    private func people(_ out: inout MetricsWriter) {
        out.begin("dashboard_streams_open", .gauge, "Open streams of server-sent events.")
        out.sample(reading.streams)
        out.begin("dashboard_sign_ins_total", .counter, "Sign-ins that came back from Discord, by outcome.")
        out.sample(reading.signIns.completed, ("outcome", "completed"))
        out.sample(reading.signIns.refused, ("outcome", "refused"))
        out.sample(reading.signIns.failed, ("outcome", "failed"))
        let flushes = world.usage.flushes
        out.begin("dashboard_usage_flushes_total", .counter, "Writes of the request counts, by outcome.")
        out.sample(flushes.written, ("outcome", "written"))
        out.sample(flushes.failed, ("outcome", "failed"))
        out.begin(
            "dashboard_usage_requests_waiting", .gauge, "Counted requests that are not written yet.")
        out.sample(world.usage.waiting)
    }

    private func background(_ out: inout MetricsWriter) {
        out.begin("dashboard_background_work_total", .counter, "Runs of background jobs, by outcome.")
        for work in BackgroundCounts.Work.allCases {
            let outcomes = world.background.outcomes(of: work)
            out.sample(outcomes.done, ("work", work.rawValue), ("outcome", "done"))
            out.sample(outcomes.failed, ("work", work.rawValue), ("outcome", "failed"))
        }
        out.begin("dashboard_background_leader", .gauge, "1 in the process that is the background leader.")
        out.sample(world.background.isLeader ? 1 : 0)
    }

    /// Only if this process has read them recently: the leader reads them for all.
    private func queues(_ out: inout MetricsWriter) {
        guard let queues = world.queues.latest(at: world.clock.now) else { return }
        out.begin(
            "dashboard_webhook_deliveries_waiting", .gauge, "Webhook messages waiting for delivery.")
        out.sample(queues.deliveries)
        out.begin(
            "dashboard_webhook_deliveries_oldest_age_seconds", .gauge,
            "Age of the oldest waiting webhook message; 0 if none waits.")
        let age = queues.oldestDelivery.map { world.now().microseconds - $0.microseconds } ?? 0
        out.sample(microseconds: max(0, age))
        out.begin(
            "dashboard_thinning_days_waiting", .gauge, "Days of servers' history waiting to be thinned, 10,000 at most."
        )
        out.sample(queues.thinningDays)
        out.begin("dashboard_bot_items_rejected_total", .counter, "Rejected items of bots' batches, by reason.")
        for rejections in queues.rejections { out.sample(rejections.count, ("reason", rejections.reason)) }
    }

    /// A fixed set of labels, which requests cannot extend.
    private func memories(_ out: inout MetricsWriter) {
        let guilds = world.guilds.counts
        let caches = [
            ("sessions", world.sessions.counts), ("guild_names", guilds.names), ("time_zones", guilds.zones),
            ("last_pages", world.lastPages.counts),
        ]
        out.begin("dashboard_cache_entries", .gauge, "Cache entries, by cache.")
        for (cache, counts) in caches { out.sample(counts.entries, ("cache", cache)) }
        out.begin(
            "dashboard_cache_lookups_total", .counter, "Cache lookups, by cache and outcome.")
        for (cache, counts) in caches {
            out.sample(counts.hits, ("cache", cache), ("outcome", "hit"))
            out.sample(counts.misses, ("cache", cache), ("outcome", "miss"))
        }
    }

    // MARK: The bot

    private func bot(_ out: inout MetricsWriter) {
        let statuses = world.live.statuses
        if let last = statuses.compactMap(\.lastHeartbeat).max() {
            out.begin("dashboard_bot_heartbeat_age_seconds", .gauge, "Time since the bot's last heartbeat.")
            out.sample(microseconds: max(0, world.now().microseconds - last.microseconds))
        }
        out.begin("dashboard_bot_state", .gauge, "1 for the bot's state, the worst of all instances.")
        let present = world.live.latest?.state ?? .unknown
        for state in BotState.allCases { out.sample(state == present ? 1 : 0, ("state", state.rawValue)) }
        out.begin("dashboard_bot_instances", .gauge, "Known instances of the bot, by state.")
        for state in BotState.allCases {
            out.sample(statuses.count { $0.lastHeartbeat != nil && $0.state == state }, ("state", state.rawValue))
        }
    }

    // MARK: The process

    /// Under the standard names of Prometheus' client libraries.
    private func process(_ out: inout MetricsWriter) {
        let process = ProcessReading()
        out.begin("process_cpu_seconds_total", .counter, "CPU time of the process on all cores.")
        out.sample(microseconds: process.processorMicroseconds)
        out.begin("process_resident_memory_bytes", .gauge, "Resident memory of the process.")
        out.sample(process.residentMemory)
        out.begin("process_virtual_memory_bytes", .gauge, "Virtual memory of the process.")
        out.sample(process.virtualMemory)
        out.begin("process_open_fds", .gauge, "Open file descriptors.")
        out.sample(process.openDescriptors)
        out.begin("process_max_fds", .gauge, "Maximum open file descriptors.")
        out.sample(process.maximumDescriptors)
        out.begin("process_start_time_seconds", .gauge, "Start time of the process, in seconds since 1970.")
        out.sample(world.metrics.startedAt.seconds)
        out.begin("dashboard_build_info", .gauge, "Always 1; the label has the version.")
        out.sample(1, ("version", world.settings.version))
    }
}
