internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension Frame {
    /// The frame of a guild's page, usually from the cache: its name, the other servers, and the time zone.
    ///
    /// - Throws: `notFound` if the guild was deleted meanwhile, `DatabaseFailure`.
    static func guild(_ call: Call, _ access: GuildAccess) async throws -> Frame {
        let session = try call.requireSession()
        let directory = call.world.guilds
        let names = try await directory.names(of: Array(session.memberships.keys), call.database)
        let zone = try await directory.zone(in: access, call.database)
        var frame = Frame(call)
        frame.servers = names.map { (key: $0.name.lowercased(), name: $0) }
            .sorted { ($0.key, $0.name.guild) < ($1.key, $1.name.guild) }
            .map { Server(guild: $0.name.guild, name: $0.name.name, icon: $0.name.icon) }
        guard let server = frame.servers.first(where: { $0.guild == access.guild }) else { throw Rejection.notFound }
        frame.place = Place(
            server: server, level: access.level,
            menu: NavigationItem.allCases.filter { call.context.allows(access, toRead: $0.path) })
        frame.clock.zone = call.world.timeZones.rules(zone)
        return frame
    }
}
