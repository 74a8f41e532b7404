internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// Temporary access to a guild for people outside of it.
enum GuestEndpoints {
    static let guests = Path<GuildID>("/api/v1/guilds/{guildId}/access")
    static let guest = Path<GuildID, GuestID>("/api/v1/guilds/{guildId}/access/{guestId}")

    /// A guest who could add guests could stay for ever.
    static let change = GuildRule.admin(
        refusingGuests: "Guests cannot give or end access; ask an admin of the server.")

    static let endpoints: [Endpoint] = [
        .guild(
            .get, guests, .api, needs: .admin, "List guests",
            .json(.page("GuestList", of: GuestJSON.schema))
        ) { call, access in
            .list(try await call.database.read(Guests.list, in: access)) { json, guest in
                json.object { GuestJSON.write(guest, to: &$0) }
            }
        },
        .guild(.post, guests, .api, needs: change, "Grant someone temporary access", .created(GuestJSON.schema)) {
            call, access in
            let new = try await add(try GuestJSON.read(try call.request.json()), call, access)
            return try await .created(guest.link(access.guild, new.id)) { answer(new) }
        }.takesBody(GuestJSON.input, limit: 4_096),
        .guild(.get, guest, .api, needs: .admin, "Read a guest's access", .json(GuestJSON.schema)) {
            call, access, id in
            answer(try await call.database.find(Guests.one(id), in: access))
        },
        .guild(.delete, guest, .api, needs: change, "End a guest's access", .empty) { call, access, id in
            try await end(id, call, access)
            return Response(status: 204)
        },
    ]

    private static func answer(_ guest: Guest) -> Response {
        .json { json in json.object { GuestJSON.write(guest, to: &$0) } }
    }

    /// - Throws: `forbidden` for a guest, `invalid` for the admin's own id, `conflict` if the person has access
    ///   already.
    static func add(_ draft: GuestDraft, _ call: Call, _ access: GuildAccess) async throws -> Guest {
        guard draft.user != access.user else { throw Rejection.invalid([.init("/userId", "must not be your own ID.")]) }
        let guest = try await Guests.add(draft, from: call.origin, in: access, call.database)
        call.world.sessions.forget(sessionsOf: guest.user)
        return guest
    }

    /// - Throws: `forbidden` for a guest, `notFound` if the access has ended or never existed.
    static func end(_ id: GuestID, _ call: Call, _ access: GuildAccess) async throws {
        guard let user = try await Guests.end(id, from: call.origin, in: access, call.database) else {
            throw Rejection.notFound
        }
        call.world.sessions.forget(sessionsOf: user)
    }
}
