internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server in the API, with the numbers of its overview.
enum GuildJSON {
    static let schema = Schema.named(
        "Guild",
        .object([
            .field("id", .id), .field("name", .string()), .field("iconUrl", .nullable(.string(format: "uri"))),
            .field("level", .words("Level", Level.self)), .field("joinedAt", .time), .field("leftAt", .nullable(.time)),
            .field("timezone", .string()),
            // Only for admins.
            .field("settings", .nullable(SettingsJSON.schema)),
            .field("brandCount", .count), .field("groupCount", .count), .field("accountCount", .count),
            .field("postCount", .count),
            .field("accountsByPlatform", .array(platformCounts)), .field("accountsByStatus", .array(statusCounts)),
            .field("newPostsLast24Hours", .count), .field("viewsOfPostsLast7Days", .count),
            .field("viewsOfPostsPrevious7Days", .count), .field("viewsGrowth", .nullable(.number)),
            .field("topPostsLast24Hours", .array(PostJSON.schema)),
            .field("attention", AttentionJSON.schema),
            .field("queue", .nullable(queue)),
            // Plans do not exist yet: always null.
            .field("plan", .nullable(.named("Plan", .object([])))),
        ]))

    private static let platformCounts = Schema.named(
        "PlatformCounts",
        .object([
            .field("platform", .words("Platform", Platform.self)), .field("accountCount", .count),
            .field("postCount", .count),
        ]))

    private static let statusCounts = Schema.named(
        "StatusCounts",
        .object([.field("status", .words("AccountStatus", AccountStatus.self)), .field("accountCount", .count)]))

    private static let queue = Schema.named(
        "GuildQueue",
        .object([
            .field("depth", .count), .field("oldestJobAt", .nullable(.time)), .field("updatedAt", .time),
        ]))

    static func write(_ overview: GuildOverview, _ access: GuildAccess, _ vault: TokenVault, to json: inout JSONWriter)
    {
        let profile = overview.profile
        json.object { json in
            json.id("id", profile.guild)
            json.string("name", profile.name)
            json.string("iconUrl", DiscordImages.icon(of: profile.guild, profile.icon)?.text)
            json.string("level", access.level.rawValue)
            json.time("joinedAt", profile.joinedAt)
            json.time("leftAt", profile.leftAt)
            json.string("timezone", profile.settings.values.timezone.description)
            if access.level == .admin {
                json.object("settings") { SettingsJSON.write(profile.settings.opened(by: vault, of: access), to: &$0) }
            } else {
                json.string("settings", nil)
            }
            write(overview.counts, to: &json)
            write(overview.activity, to: &json)
            json.value("topPostsLast24Hours") { PostJSON.write(overview.topPosts, to: &$0) }
            json.object("attention") { AttentionJSON.write(overview, to: &$0) }
            write(overview.queue, to: &json)
            json.string("plan", nil)
        }
    }

    private static func write(_ counts: GuildCounts, to json: inout JSONWriter) {
        json.integer("brandCount", counts.brands)
        json.integer("groupCount", counts.groups)
        json.integer("accountCount", counts.accountCount)
        json.integer("postCount", counts.postCount)
        json.array("accountsByPlatform", Platform.allCases) { json, platform in
            json.object { json in
                json.string("platform", platform.rawValue)
                json.integer("accountCount", counts.accounts(on: platform))
                json.integer("postCount", counts.posts(on: platform))
            }
        }
        json.array("accountsByStatus", AccountStatus.allCases) { json, status in
            json.object { json in
                json.string("status", status.rawValue)
                json.integer("accountCount", counts.accounts(being: status))
            }
        }
    }

    private static func write(_ activity: GuildActivity, to json: inout JSONWriter) {
        json.integer("newPostsLast24Hours", activity.newPosts)
        json.integer("viewsOfPostsLast7Days", activity.views)
        json.integer("viewsOfPostsPrevious7Days", activity.viewsBefore)
        json.number("viewsGrowth", activity.viewsGrowth)
    }

    private static func write(_ queue: BotQueue?, to json: inout JSONWriter) {
        guard let queue else { return json.string("queue", nil) }
        json.object("queue") { json in
            json.integer("depth", queue.depth)
            json.time("oldestJobAt", queue.oldestJob)
            json.time("updatedAt", queue.updatedAt)
        }
    }
}
