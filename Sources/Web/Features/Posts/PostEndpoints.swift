internal import Domain
internal import Persistence

/// The posts of a guild's tracked accounts.
enum PostEndpoints {
    static let list = Path<GuildID>("/api/v1/guilds/{guildId}/posts")

    static let endpoints: [Endpoint] = [
        .guild(.get, list, .api, needs: .viewer, "List posts", .json(.page(of: PostJSON.schema))) { call, access in
            let query = try PostQuery(call)
            let page = try await query.read(in: access, call)
            return .json(capacity: 32_768) { PostJSON.write(page, query, in: access, call, to: &$0) }
        }.takes(PostQuery.parameters)
    ]
}

/// What a request for posts asks for: filters, order, and where to begin.
struct PostQuery: Sendable {
    static let account = QueryParameter<ClientAccountID>.id("account", "Only posts of this account")
    static let brand = QueryParameter<BrandID>.id("brand", "Only posts of this brand's accounts")
    static let group = QueryParameter<AccountGroupID>.id("group", "Only posts of this group's accounts")
    static let platform = QueryParameter<Platform>.word("platform", "Only posts on this platform")
    static let from = QueryParameter<CalendarDay>.day("from", "Posted on this day or later, in the server's time zone")
    static let to = QueryParameter<CalendarDay>.day("to", "Posted on this day or earlier, in the server's time zone")
    static let minViews = QueryParameter<Int>.integer("minViews", 0...Int.max, "With at least so many views")
    static let text = QueryParameter<String>.text("q", maximum: 200, "Part of a caption or handle")
    static let sort = QueryParameter<Posts.Sort>.word(
        "sort", "The newest first (`postedAt`), or the most viewed (`views`)")

    static let parameters = [
        account.description, brand.description, group.description, platform.description, from.description,
        to.description, minViews.description, text.description, sort.description,
        QueryParameter<Int>.limit.description, QueryParameter<String>.cursor.description,
    ]

    var filter = Posts.Filter()
    let sort: Posts.Sort
    let limit: Int
    let cursor: String?

    init(_ call: Call) throws(Rejection) {
        filter.account = try call.query(Self.account)
        filter.brand = try call.query(Self.brand)
        filter.group = try call.query(Self.group)
        filter.platform = try call.query(Self.platform)
        filter.from = try call.query(Self.from)
        filter.to = try call.query(Self.to)
        filter.minViews = try call.query(Self.minViews)
        filter.text = try call.query(Self.text)
        sort = try call.query(Self.sort) ?? .postedAt
        limit = try call.query(.limit) ?? 50
        cursor = try call.query(.cursor)
    }

    func read(in access: GuildAccess, _ call: Call) async throws -> Posts.Page {
        var position: Posts.Position?
        if let cursor {
            let parsed = try Cursor.parse(cursor, for: context(access), keys: call.world.keys)
            guard case .integer(let key) = parsed.key else { throw Rejection.notFound }
            position = Posts.Position(key: key, id: PostID(number: parsed.id))
        }
        return try await Posts.page(
            filter, by: sort, after: position, size: PageSize(holding: limit), in: access, call.database)
    }

    /// The cursor of the page after this one; nil when there is none.
    func next(after page: Posts.Page, in access: GuildAccess, _ call: Call) -> String? {
        guard page.count > limit else { return nil }
        let position = page[limit - 1].position(sort)
        return Cursor(key: .integer(position.key), id: position.id.number)
            .text(for: context(access), keys: call.world.keys)
    }

    private func context(_ access: GuildAccess) -> String { "posts \(access.client) \(sort) \(filter)" }
}
