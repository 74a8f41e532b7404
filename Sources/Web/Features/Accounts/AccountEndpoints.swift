internal import Domain
internal import Persistence

/// The tracked accounts of a guild.
enum AccountEndpoints {
    static let list = Path<GuildID>("/api/v1/guilds/{guildId}/accounts")
    static let account = Path<GuildID, ClientAccountID>("/api/v1/guilds/{guildId}/accounts/{accountId}")

    static let endpoints: [Endpoint] = [
        .guild(.get, list, .api, needs: .viewer, "List accounts", .json(.page(of: AccountJSON.schema))) {
            call, access in
            let query = try AccountQuery(call)
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(query.page(paging.slice), in: access)
            return .page(page, paging) { json, account in json.object { AccountJSON.write(account, to: &$0) } }
        }.takes(AccountQuery.parameters + Paging.parameters),
        .guild(.get, account, .api, needs: .viewer, "Read an account", .json(AccountDetailJSON.schema)) {
            call, access, id in
            guard let detail = try await AccountDetail.read(id, in: access, call.database) else {
                throw Rejection.notFound
            }
            return .json(capacity: 16_384) { AccountDetailJSON.write(detail, to: &$0) }
        },
    ]
}

/// Which accounts a request asks for, and in which order.
struct AccountQuery: Sendable {
    static let brand = QueryParameter<BrandID>.id("brand", "Only accounts of this brand")
    static let group = QueryParameter<AccountGroupID>.id("group", "Only accounts of this group")
    static let platform = QueryParameter<Platform>.word("platform", "Only accounts on this platform")
    static let status = QueryParameter<AccountStatus>.word("status", "Only accounts with this status")
    static let text = QueryParameter<String>.text("q", maximum: 200, "Part of a handle or display name")
    static let sort = QueryParameter<Accounts.Sort>.word(
        "sort", "`handle` from A on (the default), `followers`, `lastPostAt` or `createdAt` from the greatest on")

    static let parameters = [
        brand.description, group.description, platform.description, status.description, text.description,
        sort.description,
    ]

    var filter = Accounts.Filter()
    let sort: Accounts.Sort

    init(_ call: Call) throws(Rejection) {
        filter.brand = try call.query(Self.brand)
        filter.group = try call.query(Self.group)
        filter.platform = try call.query(Self.platform)
        filter.status = try call.query(Self.status)
        filter.text = try call.query(Self.text)
        sort = try call.query(Self.sort) ?? .handle
    }

    func page(_ slice: Slice) -> Query<Page<Accounts.Account>> { Accounts.page(filter, by: sort, slice) }

    func count() -> Query<RowCount> { Accounts.count(filter) }
}
