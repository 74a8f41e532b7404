internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The account groups of a guild, each within a brand.
enum AccountGroupEndpoints {
    static let groups = Path<GuildID>("/api/v1/guilds/{guildId}/groups")
    static let group = Path<GuildID, AccountGroupID>("/api/v1/guilds/{guildId}/groups/{groupId}")

    static let brand = QueryParameter<BrandID>.id("brand", "Only groups of this brand")

    static let endpoints: [Endpoint] = [
        .guild(
            .get, groups, .api, needs: .viewer, "List account groups",
            .json(.page("AccountGroupList", of: AccountGroupJSON.schema))
        ) {
            call, access in
            let paging = try Paging(call, in: access)
            let query = AccountGroups.page(brand: try call.query(brand), paging.slice)
            let page = try await call.database.read(query, in: access)
            return .page(page, paging) { json, group in json.object { AccountGroupJSON.write(group, to: &$0) } }
        }.takes([brand.description] + Paging.parameters),
        .guild(.post, groups, .api, needs: .admin, "Add an account group", .created(AccountGroupJSON.schema)) {
            call, access in
            let draft = try AccountGroupJSON.readInput(try call.request.json())
            let id = try await AccountGroups.add(draft, from: call.origin, in: access, call.database)
            return try await .created(group.link(access.guild, id)) { try await answer(id, call, access) }
        }.takesBody(AccountGroupJSON.input, limit: 4_096).versioned(),
        .guild(.get, group, .api, needs: .viewer, "Read an account group", .json(AccountGroupJSON.schema)) {
            call, access, id in
            try await answer(id, call, access)
        }.versioned(),
        .guild(
            .patch, group, .api, needs: .admin, "Rename an account group, or move it", .json(AccountGroupJSON.schema)
        ) { call, access, id in
            let change = try AccountGroupJSON.readChange(try call.request.json())
            let versions = try IfMatch.versions(ifSaid: call.request)
            try await AccountGroups.change(id, versions, change, from: call.origin, in: access, call.database)
            return try await answer(id, call, access)
        }.mayTakeVersion().takesBody(AccountGroupJSON.change, limit: 4_096).versioned().explained(
            "Another `brandId` moves the group to that brand, with its accounts and their posts."),
        .guild(.delete, group, .api, needs: .admin, "Delete an account group", .empty) { call, access, id in
            try await call.delete(.group(id), in: access)
        }.deletes(),
    ]

    private static func answer(_ id: AccountGroupID, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let group = try await call.database.find(AccountGroups.one(id), in: access)
        return .json { json in json.object { AccountGroupJSON.write(group, to: &$0) } }.tagged(group.version)
    }
}
