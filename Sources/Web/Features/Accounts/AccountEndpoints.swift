internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The tracked accounts of a guild.
enum AccountEndpoints {
    static let list = Path<GuildID>("/api/v1/guilds/{guildId}/accounts")
    static let account = Path<GuildID, ClientAccountID>("/api/v1/guilds/{guildId}/accounts/{accountId}")

    static let endpoints: [Endpoint] = [
        .guild(.get, list, .api, needs: .viewer, "List accounts", .json(.page("AccountList", of: AccountJSON.schema))) {
            call, access in
            let query = try AccountQuery(call)
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(query.page(paging.slice), in: access)
            return .page(page, paging) { json, account in json.object { AccountJSON.write(account, to: &$0) } }
        }.takes(AccountQuery.parameters + Paging.parameters),
        .guild(.get, account, .api, needs: .viewer, "Read an account", .json(AccountDetailJSON.schema)) {
            call, access, id in
            try await answer(id, call, access)
        }.versioned(),
        .guild(.post, list, .api, needs: .admin, "Add an account", .created(AccountDetailJSON.schema)) { call, access in
            let draft = try AccountJSON.readInput(try call.request.json())
            let id = try await Accounts.add(draft, from: call.origin, in: access, call.database)
            return try await .created(account.link(access.guild, id)) { try await answer(id, call, access) }
        }.takesBody(AccountJSON.input, limit: 65_536).versioned().explained(fieldsExplanation),
        .guild(.patch, account, .api, needs: .admin, "Change an account, or move it", .json(AccountDetailJSON.schema)) {
            call, access, id in
            let json = try call.request.json()
            let platform = try await call.database.find(Accounts.platform(of: id), in: access)
            let change = try AccountJSON.readChange(json, on: platform)
            let versions = try IfMatch.versions(ifSaid: call.request)
            try await Accounts.change(id, versions, change, from: call.origin, in: access, call.database)
            return try await answer(id, call, access)
        }.mayTakeVersion().takesBody(AccountJSON.change, limit: 65_536).versioned().explained(fieldsExplanation),
        .guild(.delete, account, .api, needs: .admin, "Delete an account", .empty) { call, access, id in
            try await call.delete(.account(id), in: access)
        }.deletes(),
    ]

    private static let fieldsExplanation: StaticString = """
        Admins set the handle (one `@` before it is dropped), group, display name, profile address, notes, and whether \
        the account is tracked: `status` takes `active` and `paused`. The other statuses, the platform’s own id, \
        followers and posts are the bot’s. The platform is set once: a handle elsewhere is another account. With \
        another `groupId` the account moves to that group, with its posts.
        """

    private static func answer(_ id: ClientAccountID, _ call: Call, _ access: GuildAccess) async throws -> Response {
        guard let detail = try await AccountDetail.read(id, in: access, call.database) else { throw Rejection.notFound }
        return .json(capacity: 16_384) { AccountDetailJSON.write(detail, to: &$0) }.tagged(detail.account.version)
    }
}
