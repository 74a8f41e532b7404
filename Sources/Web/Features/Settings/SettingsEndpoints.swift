internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's settings, for its admins.
enum SettingsEndpoints {
    static let settings = Path<GuildID>("/api/v1/guilds/{guildId}/settings")

    /// A guest's change would outlast their access.
    static let change = GuildRule.admin(
        refusingGuests: "Guests cannot change settings; ask an admin of the server.")

    static let endpoints: [Endpoint] = [
        .guild(.get, settings, .api, needs: .admin, "Read the settings", .json(SettingsJSON.schema)) { call, access in
            answer(try await read(call, access))
        }.versioned(),
        .guild(.put, settings, .api, needs: change, "Replace the settings", .json(SettingsJSON.schema)) {
            call, access in
            let json = try call.request.json()
            let wanted = try IfMatch(call.request)
            let present = try await read(call, access)
            guard wanted.matches(present.version) else { throw Rejection.outdated(current: present.version) }
            let new = try SettingsJSON.read(json, over: present.values, call.world.timeZones)
            return answer(try await save(new, over: present, call, access))
        }.takesVersion().takesBody(SettingsJSON.input, limit: 4_096).versioned(),
    ]

    private static func answer(_ settings: OpenedSettings) -> Response {
        Response.json { json in json.object { SettingsJSON.write(settings, to: &$0) } }.tagged(settings.version)
    }

    /// - Throws: `notFound` if the guild was deleted meanwhile, `DatabaseFailure`.
    static func read(_ call: Call, _ access: GuildAccess) async throws -> OpenedSettings {
        let stored = try await call.database.read(Guilds.settings, in: access)
        guard let stored else { throw Rejection.notFound }
        return stored.opened(by: call.world.vault, of: access)
    }

    /// Saves the differences; unchanged settings write nothing.
    ///
    /// - Throws: `outdated` if another admin saved meanwhile, `invalid` for a time zone unknown to the database.
    static func save(
        _ new: ServerSettings, over present: OpenedSettings, _ call: Call, _ access: GuildAccess
    ) async throws -> OpenedSettings {
        let changes = present.values.changes(to: new)
        guard !changes.isEmpty else { return present }
        let isReplaced: Bool
        do throws(DatabaseFailure) {
            isReplaced = try await Guilds.replace(
                version: present.version, by: new, webhook: webhook(new, over: present, call, access),
                changes: SettingsJSON.changes(changes), from: call.origin, in: access, call.database)
        } catch .refused(let error) where error.state == "22023" {
            throw Rejection.invalid([.init("/timezone", "is not a time zone that the database knows.")])
        }
        let saved = try await read(call, access)
        guard isReplaced else { throw Rejection.outdated(current: saved.version) }
        // Other processes are notified by the database.
        call.world.guilds.forgetAll()
        call.world.sessions.hearOfGuild(access.guild.description)
        return saved
    }

    private static func webhook(
        _ new: ServerSettings, over present: OpenedSettings, _ call: Call, _ access: GuildAccess
    ) -> Guilds.WebhookChange {
        guard new.alertWebhook != present.values.alertWebhook else { return .keep }
        guard case .known(let webhook) = new.alertWebhook else { return .set(nil) }
        return .set(call.world.vault.seal(webhook, of: access.client))
    }
}
