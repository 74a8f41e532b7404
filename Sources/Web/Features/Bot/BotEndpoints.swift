internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The bot's HTTP API: one address for each function of the schema `bot`.
enum BotEndpoints {
    static let heartbeat: Path<> = Path("/api/v1/bot/heartbeat")
    static let joined = Path<GuildID>("/api/v1/bot/guilds/{guildId}/joined")
    static let left = Path<GuildID>("/api/v1/bot/guilds/{guildId}/left")
    static let queue = Path<GuildID>("/api/v1/bot/guilds/{guildId}/queue")
    static let settings = Path<GuildID>("/api/v1/bot/guilds/{guildId}/settings")
    static let accounts = Path<GuildID>("/api/v1/bot/guilds/{guildId}/accounts")
    static let posts = Path<GuildID>("/api/v1/bot/guilds/{guildId}/posts")

    /// Bytes of a batch.
    ///
    /// 1,000 posts with captions of 5,000 four-byte characters would have 20 MB; a usual batch has half a MB.
    static let batchLimit = 8_388_608

    static let endpoints: [Endpoint] = [
        .signed(.post, heartbeat, .heartbeat, "Send a heartbeat", .json(BotJSON.state)) { signed in
            try await beat(signed)
        }.takesBody(BotJSON.heartbeat, limit: 16_384),
        .signed(.post, joined, .guilds, mayBeNew: true, "The bot joined a server, or its name changed", .empty) {
            signed, guild in
            let (name, icon) = try BotJSON.readGuild(try signed.call.request.json())
            return try await signed.run(BotFunctions.guildJoined(guild, name: name, icon: icon), answer: nothing)
        }.takesBody(BotJSON.guild, limit: 16_384),
        .signed(.post, left, .guilds, mayBeNew: true, "The bot left a server", .empty) { signed, guild in
            try await signed.run(BotFunctions.guildLeft(guild), answer: nothing)
        },
        .signed(.post, queue, .queue, "Report the queue depth of a server", .empty) { signed, guild in
            let queue = try BotJSON.readQueue(try signed.call.request.json())
            return try await signed.run(
                BotFunctions.queueDepth(guild, queue.depth, oldestAgeSeconds: queue.oldestAgeSeconds), answer: nothing)
        }.takesBody(BotJSON.queue, limit: 16_384),
        .signed(.get, settings, .accounts, "Read the bot settings of a server", .json(BotJSON.settings)) {
            signed, guild in
            try await signed.run(BotFunctions.settings(of: guild), answer: SignedCall.jsonResult)
        },
        .signed(.get, accounts, .accounts, "List the accounts to track", .json(BotJSON.trackedAccounts)) {
            signed, guild in
            let (after, since) = (try signed.call.query(afterAccount) ?? 0, try signed.call.query(sinceVersion) ?? 0)
            return try await signed.run(
                BotFunctions.accounts(of: guild, after: after, since: since), answer: SignedCall.jsonResult)
        }.takes([afterAccount.description, sinceVersion.description]),
        .signed(.post, accounts, .accounts, "Add or update up to 1,000 accounts", .json(BotJSON.outcome)) {
            signed, guild in
            let batch = try signed.jsonText()
            return try await signed.runBatch(BotFunctions.storeAccounts(of: guild, batch))
        }.takesBody(BotJSON.accounts, limit: batchLimit),
        .signed(.post, posts, .posts, "Record the numbers of up to 1,000 posts", .json(BotJSON.outcome)) {
            signed, guild in
            let batch = try signed.jsonText()
            return try await signed.runBatch(BotFunctions.storePosts(of: guild, batch))
        }.takesBody(BotJSON.posts, limit: batchLimit),
    ]

    private static let afterAccount = QueryParameter<Int>.integer(
        "after", 0...Int.max, "`next` of the page before")
    private static let sinceVersion = QueryParameter<Int>.integer(
        "since", 0...999_999_999_999_999, "Only accounts that changed after this version of the list")

    private static func beat(_ signed: SignedCall) async throws -> Response {
        let beat = try BotJSON.readHeartbeat(try signed.call.request.json())
        return try await signed.run(BotFunctions.heartbeat(beat)) { rows in
            let state: String = try rows.only("heartbeat", of: "bot_health")
            return .json { json in json.object { $0.string("state", state) } }
        }
    }

    private static func nothing(_: Rows) -> Response { Response(status: 204) }
}
