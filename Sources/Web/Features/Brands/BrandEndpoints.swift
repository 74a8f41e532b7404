internal import Domain
internal import Persistence

/// The brands of a guild, and the groups of their accounts.
enum BrandEndpoints {
    static let brands = Path<GuildID>("/api/v1/guilds/{guildId}/brands")
    static let groups = Path<GuildID>("/api/v1/guilds/{guildId}/groups")

    static let brand = QueryParameter<BrandID>.id("brand", "Only groups of this brand")

    static let endpoints: [Endpoint] = [
        .guild(.get, brands, .api, needs: .viewer, "List brands", .json(.page(of: BrandJSON.schema))) { call, access in
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(Brands.page(paging.slice), in: access)
            return .page(page, paging) { json, brand in json.object { BrandJSON.write(brand, to: &$0) } }
        }.takes(Paging.parameters),
        .guild(.get, groups, .api, needs: .viewer, "List account groups", .json(.page(of: AccountGroupJSON.schema))) {
            call, access in
            let paging = try Paging(call, in: access)
            let query = AccountGroups.page(brand: try call.query(brand), paging.slice)
            let page = try await call.database.read(query, in: access)
            return .page(page, paging) { json, group in json.object { AccountGroupJSON.write(group, to: &$0) } }
        }.takes([brand.description] + Paging.parameters),
    ]
}
