internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A person's servers in the API.
enum GuildListJSON {
    static let schema = Schema.named(
        "GuildList",
        .object([
            .field("items", .array(server)),
            // Always null, because Discord allows at most 200 guilds.
            .field("nextCursor", .nullable(.string())),
            .field("withoutBot", .array(candidate)),
            .field("guildsReadAt", .nullable(.time)),
            .field("guildsSource", .words("GuildListSource", GuildList.Source.self)),
        ]))

    private static let server = Schema.named(
        "GuildSummary",
        .object([
            .field("id", .id), .field("name", .string()), .field("iconUrl", .nullable(.string(format: "uri"))),
            .field("level", .words("Level", Level.self)), .field("accountCount", .count), .field("postCount", .count),
            .field("botState", .nullable(.words("BotState", BotState.self))), .field("leftAt", .nullable(.time)),
            .field("inviteUrl", .nullable(.string(format: "uri"))),
        ]))

    private static let candidate = Schema.named(
        "GuildWithoutBot",
        .object([
            .field("id", .id), .field("name", .string()), .field("iconUrl", .nullable(.string(format: "uri"))),
            .field("inviteUrl", .nullable(.string(format: "uri"))),
        ]))

    static func write(_ list: GuildList, _ session: Session, _ world: World, to json: inout JSONWriter) {
        // A token may allow fewer guilds than its user has.
        let servers = list.servers.filter { session.memberships[$0.guild] != nil }
        json.object { json in
            json.array("items", servers) { json, server in json.object { write(server, world, to: &$0) } }
            json.string("nextCursor", nil)
            json.array("withoutBot", list.candidates) { json, guild in
                json.object { json in
                    json.id("id", guild.guild)
                    json.string("name", guild.name)
                    json.string("iconUrl", DiscordImages.icon(of: guild.guild, guild.icon)?.text)
                    json.string("inviteUrl", world.settings.application?.invitation(to: guild.guild)?.text)
                }
            }
            json.time("guildsReadAt", list.readAt)
            json.string("guildsSource", list.source.rawValue)
        }
    }

    private static func write(_ server: GuildList.Server, _ world: World, to json: inout JSONWriter) {
        let isLeft = server.leftAt != nil
        let canInvite = isLeft && server.level == .admin
        json.id("id", server.guild)
        json.string("name", server.name)
        json.string("iconUrl", DiscordImages.icon(of: server.guild, server.icon)?.text)
        json.string("level", server.level.rawValue)
        json.integer("accountCount", server.accountCount)
        json.integer("postCount", server.postCount)
        json.string("botState", isLeft ? nil : (world.live.latest?.state ?? .unknown).rawValue)
        json.time("leftAt", server.leftAt)
        json.string("inviteUrl", canInvite ? world.settings.application?.invitation(to: server.guild)?.text : nil)
    }
}
