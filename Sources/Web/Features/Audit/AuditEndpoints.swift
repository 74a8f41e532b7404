internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The audit log of a server.
enum AuditEndpoints {
    static let entries = Path<GuildID>("/api/v1/guilds/{guildId}/audit")
    static let file = Path<GuildID>("/api/v1/guilds/{guildId}/audit.csv")

    static let endpoints: [Endpoint] = [
        .guild(
            .get, entries, .api, needs: .admin, "Read the audit log",
            .json(.page("AuditEntryList", of: AuditJSON.schema))
        ) {
            call, access in
            let query = try AuditQuery(call)
            let paging = try Paging(call, in: access)
            let page = try await call.database.read(AuditLog.page(query.filter, paging.slice), in: access)
            return .page(page, paging) { json, entry in json.object { AuditJSON.write(entry, to: &$0) } }
        }.takes(AuditQuery.parameters + Paging.parameters),
        .guild(
            .get, file, .api, needs: .admin, "Download the audit log: the newest 10,000 entries that match",
            .file("text/csv")
        ) { call, access in
            try await AuditCSV.file(try AuditQuery(call).filter, in: access, call.database)
        }.takes(AuditQuery.parameters),
    ]
}
