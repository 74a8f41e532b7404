internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The bot's status: public, and for a guild with its queue, once or as a stream.
enum StatusEndpoints {
    static let bot: Path<> = Path("/api/v1/status")
    static let present: Path<> = Path("/api/v1/status/now")
    static let guild = Path<GuildID>("/api/v1/guilds/{guildId}/status")
    static let stream = Path<GuildID>("/api/v1/guilds/{guildId}/status/stream")

    static let endpoints: [Endpoint] = [
        .open(.get, bot, .api, "Read the bot's state and uptime", .json(UptimeJSON.schema)) { call in
            let status = try await status(call)
            let history = try await call.world.uptime.read(with: status, call.database)
            return .json(capacity: 32_768) { UptimeJSON.write(status, history, to: &$0) }
        },
        .open(.get, present, .api, "Read the bot's present state", .json(StatusJSON.schema)) { call in
            let status = try await status(call)
            return .json { json in json.object { StatusJSON.write(status, nil, to: &$0) } }
        },
        .guild(.get, guild, .api, needs: .viewer, "Read the bot's state and the queue", .json(StatusJSON.schema)) {
            call, access in
            let status = try await status(call)
            let queue = try await call.database.read(BotHealth.queue, in: access)
            return .json { json in json.object { StatusJSON.write(status, queue, to: &$0) } }
        },
        .guild(.get, stream, .api, needs: .viewer, "Follow the bot's state", .events(StatusJSON.schema)) {
            call, access in
            let status = try await status(call)
            let queue = try await call.database.read(BotHealth.queue, in: access)
            return try open(call, access, status, queue)
        }.explained(
            """
            A `status` event comes at once and with each change. A `tracking` event says that accounts, groups, brands or \
            posts of the server changed; at most one comes every 10 seconds.
            """),
    ]

    private static let usedUp = RateLimiter.Quota(
        policy: "streams", limit: LiveStatus.limitPerUser, measure: .openRequests, remaining: 0, secondsLeft: 30)

    private static func status(_ call: Call) async throws -> BotStatus {
        try await call.world.live.present(call.database) ?? BotStatus(asOf: call.world.now())
    }

    /// A stream starts with the present state, so `Last-Event-ID` is not needed.
    private static func open(
        _ call: Call, _ access: GuildAccess, _ status: BotStatus, _ queue: BotQueue?
    ) throws -> Response {
        let session = try call.requireSession()
        let live = call.world.live
        guard let hub = live.hub(of: call.loop) else { throw Rejection.fault }
        var response = Response(status: 200, headers: [("Content-Type", .fixed("text/event-stream"))])
        response.add("Cache-Control", "no-store")
        // nginx would buffer the events otherwise.
        response.add("X-Accel-Buffering", "no")
        guard !call.request.isHead else { return response }
        guard live.admit(access.user) else { throw RateLimiter.UsedUp(quota: usedUp) }
        let right = StreamRight(
            session: session.id, user: access.user, guild: access.guild, sessions: call.world.sessions,
            now: call.world.now, database: call.database)
        response.body = .stream(
            hub.open(in: access, by: right, status: status, queue: queue) { live.dismiss(access.user) })
        return response
    }
}
