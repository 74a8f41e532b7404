internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A person's servers, and one server with the numbers of its overview.
enum GuildEndpoints {
    static let list: Path<> = Path("/api/v1/guilds")
    static let guild = Path<GuildID>("/api/v1/guilds/{guildId}")

    static let endpoints: [Endpoint] = [
        .signedIn(.get, list, .api, "List your servers", .json(GuildListJSON.schema)) { call, session in
            let list = try await GuildList.read(of: session.user, call.database)
            return .json { GuildListJSON.write(list, session, call.world, to: &$0) }
        },
        .guild(.get, guild, .api, needs: .viewer, "Read a server", .json(GuildJSON.schema)) { call, access in
            guard let overview = try await GuildOverview.read(in: access, call.database) else {
                throw Rejection.notFound
            }
            return .json(capacity: 16_384) { GuildJSON.write(overview, access, call.world.vault, to: &$0) }
        }.explained(
            """
            `viewsOfPostsLast7Days` and `viewsOfPostsPrevious7Days` are the views that posts of at most 14 days gained in \
            the last 7 days and in the 7 days before; `viewsGrowth` compares the two, 0.5 for 50 % more.
            """),
    ]
}
