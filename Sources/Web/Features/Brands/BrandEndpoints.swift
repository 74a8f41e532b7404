internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The brands of a guild.
enum BrandEndpoints {
    static let brands = Path<GuildID>("/api/v1/guilds/{guildId}/brands")
    static let brand = Path<GuildID, BrandID>("/api/v1/guilds/{guildId}/brands/{brandId}")

    static let endpoints: [Endpoint] = [
        .guild(.get, brands, .api, needs: .viewer, "List brands", .json(.page("BrandList", of: BrandJSON.schema))) {
            call, access in
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(Brands.page(paging.slice), in: access)
            return .page(page, paging) { json, brand in json.object { BrandJSON.write(brand, to: &$0) } }
        }.takes(Paging.parameters),
        .guild(.post, brands, .api, needs: .admin, "Add a brand", .created(BrandJSON.schema)) { call, access in
            let name = try BrandJSON.readInput(try call.request.json())
            let id = try await Brands.add(name, from: call.origin, in: access, call.database)
            return try await .created(brand.link(access.guild, id)) { try await answer(id, call, access) }
        }.takesBody(BrandJSON.input, limit: 4_096).versioned(),
        .guild(.get, brand, .api, needs: .viewer, "Read a brand", .json(BrandJSON.schema)) { call, access, id in
            try await answer(id, call, access)
        }.versioned(),
        .guild(.patch, brand, .api, needs: .admin, "Rename a brand", .json(BrandJSON.schema)) { call, access, id in
            let name = try BrandJSON.readChange(try call.request.json()).value
            let versions = try IfMatch.versions(ifSaid: call.request)
            try await Brands.change(id, versions, name: name, from: call.origin, in: access, call.database)
            return try await answer(id, call, access)
        }.mayTakeVersion().takesBody(BrandJSON.change, limit: 4_096).versioned(),
        .guild(.delete, brand, .api, needs: .admin, "Delete a brand", .empty) { call, access, id in
            try await call.delete(.brand(id), in: access)
        }.deletes(),
    ]

    private static func answer(_ id: BrandID, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let brand = try await call.database.find(Brands.one(id), in: access)
        return .json { json in json.object { BrandJSON.write(brand, to: &$0) } }.tagged(brand.version)
    }
}
