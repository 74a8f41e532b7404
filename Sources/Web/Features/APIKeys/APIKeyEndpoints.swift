internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// API keys, with which a bot writes data of one guild over HTTP.
enum APIKeyEndpoints {
    static let keys = Path<GuildID>("/api/v1/guilds/{guildId}/api-keys")
    static let key = Path<GuildID, APIKeyID>("/api/v1/guilds/{guildId}/api-keys/{keyId}")
    static let rotation = Path<GuildID, APIKeyID>("/api/v1/guilds/{guildId}/api-keys/{keyId}/rotate")

    /// A key would outlast the guest's access.
    static let rule = GuildRule.admin(
        refusingGuests: "Guests cannot see or make API keys; ask an admin of the server.")

    static let endpoints: [Endpoint] = [
        .guild(
            .get, keys, .api, needs: rule, "List API keys",
            .json(.page("ApiKeyList", of: APIKeyJSON.schema))
        ) { call, access in
            .list(try await call.database.read(APIKeys.list, in: access)) { json, key in
                json.object { APIKeyJSON.write(key, to: &$0) }
            }
        },
        .guild(
            .post, keys, .api, needs: rule, "Create an API key; its secret is shown once", .created(APIKeyJSON.made)
        ) { call, access in
            let draft = try APIKeyJSON.read(try call.request.json())
            return try await answer(create(draft, NewAPIKey(), call, access), access)
        }.takesBody(APIKeyJSON.input, limit: 4_096),
        .guild(.get, key, .api, needs: rule, "Read an API key", .json(APIKeyJSON.schema)) { call, access, id in
            let found = try await call.database.find(APIKeys.one(id), in: access)
            return .json { json in json.object { APIKeyJSON.write(found, to: &$0) } }
        },
        .guild(
            .post, rotation, .api, needs: rule, "Rotate an API key; the old one keeps working for a while",
            .created(APIKeyJSON.made)
        ) { call, access, id in
            let hours = try APIKeyJSON.readOverlap(try call.request.json())
            return try await answer(rotate(id, hours, call, access), access)
        }.takesBody(APIKeyJSON.rotation, limit: 4_096),
        .guild(.delete, key, .api, needs: rule, "Revoke an API key at once", .empty) { call, access, id in
            try await revoke(id, call, access)
            return Response(status: 204)
        },
        RejectedItemJSON.endpoint,
    ]

    private static func answer(
        _ made: (entry: APIKey, key: NewAPIKey), _ access: GuildAccess
    ) async throws -> Response {
        try await .created(key.link(access.guild, made.entry.id)) {
            .json { json in json.object { APIKeyJSON.write(made.entry, secret: made.key.secret.exposed, to: &$0) } }
        }
    }

    /// - Throws: `forbidden` for a guest, `conflict` if there are too many keys, or this key exists.
    static func create(
        _ draft: APIKeyDraft, _ new: NewAPIKey, _ call: Call, _ access: GuildAccess
    ) async throws -> (APIKey, NewAPIKey) {
        let entry = try await APIKeys.create(
            draft, new.credentials(call.world.vault), from: call.origin, in: access, call.database)
        return (entry, new)
    }

    /// - Throws: `forbidden` for a guest, `notFound` for a revoked or expired key, `conflict` for a key that was
    ///   rotated already, or if there are too many active keys.
    static func rotate(
        _ id: APIKeyID, _ hours: Int64, _ call: Call, _ access: GuildAccess
    ) async throws -> (APIKey, NewAPIKey) {
        let new = NewAPIKey()
        let entry = try await APIKeys.rotate(
            id, to: new.credentials(call.world.vault), overlapHours: hours, from: call.origin, in: access, call.database
        )
        guard let entry else { throw Rejection.notFound }
        return (entry, new)
    }

    /// - Throws: `forbidden` for a guest, `notFound` for a revoked or expired key.
    static func revoke(_ id: APIKeyID, _ call: Call, _ access: GuildAccess) async throws {
        guard try await APIKeys.revoke(id, from: call.origin, in: access, call.database) else {
            throw Rejection.notFound
        }
    }
}
