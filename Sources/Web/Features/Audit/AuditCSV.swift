internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The audit log as CSV: all matching entries, newest first, up to a limit.
enum AuditCSV {
    /// Maximum entries of a file.
    static let limit = 10_000
    /// Maximum bytes of a file, because it is held in memory.
    private static let maximalBytes = 8_000_000

    private static let heading = [
        "id", "time (UTC)", "actor type", "actor id", "actor", "action", "target type", "target", "summary", "changes",
        "source", "IP address",
    ]

    /// Time for a whole file: a tenant whose pages wait for their turns that long gets a file that ends earlier.
    private static let longest = Duration.seconds(60)

    /// Reads page by page, so that no result of the database is large.
    ///
    /// Each page takes a turn of its own, so that others get theirs in between.
    ///
    /// - Throws: `DatabaseFailure`.
    static func file(_ filter: AuditFilter, in access: GuildAccess, _ database: Database) async throws -> Response {
        let start = ContinuousClock.now
        var pages: [Bytes] = [page([], withHeading: true)]
        var (rows, bytes) = (0, 0)
        var position: Position?
        repeat {
            let found = try await database.read(AuditLog.page(filter, Slice(100, after: position)), in: access)
            let text = page(found.items, withHeading: false)
            pages.append(text)
            rows += found.items.count
            bytes += text.count
            position = found.next
        } while position != nil && rows < limit && bytes < maximalBytes && start.duration(to: .now) < longest
        return response(pages, rows, isCut: position != nil, access)
    }

    private static func page(_ entries: [AuditLogEntry], withHeading: Bool) -> Bytes {
        var csv = CSVWriter()
        if withHeading { csv.row(heading) }
        for entry in entries { csv.row(cells(entry)) }
        return csv.finish()
    }

    private static func cells(_ entry: AuditLogEntry) -> [String] {
        [
            String(entry.id), entry.created.iso8601, entry.actorType.rawValue, entry.actorID,
            entry.actorName ?? "", entry.action, entry.targetType, entry.target ?? "",
            AuditSentence(entry.event).text, entry.changesInUTC, entry.source, entry.maskedAddress ?? "",
        ]
    }

    private static func response(_ pages: [Bytes], _ rows: Int, isCut: Bool, _ access: GuildAccess) -> Response {
        var response = Response.text(200, "text/csv; charset=utf-8", Bytes.copy(pages.flatMap(\.array)))
        response.add("Content-Disposition", text: "attachment; filename=\"audit-\(access.guild).csv\"")
        response.add("Dashboard-Row-Count", text: String(rows))
        // Older entries can be fetched with the filter `to`.
        response.add("Dashboard-Truncated", text: isCut ? "true" : "false")
        return response
    }
}
