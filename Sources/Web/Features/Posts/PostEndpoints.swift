internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The posts of a guild's tracked accounts.
enum PostEndpoints {
    static let list = Path<GuildID>("/api/v1/guilds/{guildId}/posts")

    static let endpoints: [Endpoint] = [
        .guild(.get, list, .api, needs: .viewer, "List posts", .json(.page("PostList", of: PostJSON.schema))) {
            call, access in
            let query = try PostQuery(call)
            try call.requireOrder(PostQuery.from, query.filter.from, PostQuery.to, query.filter.to)
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(query.page(paging.slice), in: access)
            return .json(capacity: 32_768) { PostJSON.write(page, nextCursor: paging.cursor(page.next), to: &$0) }
        }.takes(PostQuery.parameters + Paging.parameters).explained(
            """
            Views change while pages are read: with `sort=views` a post whose views grow past the last post of a page that was \
            read is on no later page. To read every post, use `sort=postedAt`.
            """)
    ]
}

/// The filters and order of the post list.
struct PostQuery: Sendable {
    static let account = QueryParameter<ClientAccountID>.id("account", "Only posts of this account")
    static let brand = QueryParameter<BrandID>.id("brand", "Only posts of this brand's accounts")
    static let group = QueryParameter<AccountGroupID>.id("group", "Only posts of this group's accounts")
    static let platform = QueryParameter<Platform>.word("platform", "Only posts on this platform")
    static let from = QueryParameter<CalendarDay>.day("from", "Posted on this day or later, in the server's time zone")
    static let to = QueryParameter<CalendarDay>.day("to", "Posted on this day or earlier, in the server's time zone")
    static let minViews = QueryParameter<Int>.integer("minViews", 0...Int.max, "Minimum number of views")
    static let text = QueryParameter<String>.text("q", maximum: 200, "Part of a caption or handle")
    static let sort = QueryParameter<PostSort>.word(
        "sort", "The newest first (`postedAt`), or the most viewed (`views`)")
    static let order = QueryParameter<SortDirection>.word("order", "The direction; default: `desc`")

    static let parameters = [
        account.description, brand.description, group.description, platform.description, from.description,
        to.description, minViews.description, text.description, sort.description, order.description,
    ]

    var filter = PostFilter()
    let sort: PostSort
    let direction: SortDirection

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
        direction = try call.query(Self.order) ?? .descending
    }

    func page(_ slice: Slice) -> Query<Posts.Page> {
        Posts.page(filter, by: sort, reversed: direction == .ascending, slice)
    }

    func count() -> Query<RowCount> { Posts.count(filter) }
}
