package import Domain
internal import Formats

/// The table `guild_guests`: people with temporary access to a guild.
package enum Guests {
    /// Maximum guests of a guild; the list fits on a page.
    package static let limit = 100

    /// The guests whose access has not expired, the earliest expiry first.
    package static let list = Query<[Guest]> { access in
        """
        SELECT \(columns) \(source) WHERE g.client_id = \(access.client) AND g.ends_at > now() ORDER BY g.ends_at, g.id
        """
    } value: { rows throws(DatabaseFailure) in
        try columns.all(rows)
    }

    /// A guest whose access has not expired.
    package static func one(_ id: GuestID) -> Query<Guest?> {
        Query { access in
            """
            SELECT \(columns) \(source) WHERE g.client_id = \(access.client) AND g.id = \(id) AND g.ends_at > now()
            """
        } value: { rows throws(DatabaseFailure) in
            try columns.first(rows)
        }
    }

    private static let columns = Columns("guild_guests") { row throws(DatabaseFailure) in
        try Guest(
            id: row("g.id"), user: row("g.user_id"), name: row("coalesce(u.global_name, u.username)"),
            level: row("g.level"), giver: row("g.granted_by"),
            giverName: row("coalesce(giver.global_name, giver.username)"), created: row("g.created_at"),
            ends: row("g.ends_at"))
    }

    private static let source: SQL = """
          FROM guild_guests g
          LEFT JOIN users u ON u.id = g.user_id
          LEFT JOIN users giver ON giver.id = g.granted_by
        """

    /// - Throws: `conflict` if the person is a guest already, or there are too many guests; `DatabaseFailure`.
    package static func add(
        _ draft: GuestDraft, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws -> Guest {
        let answers: [Rows]
        do throws(DatabaseFailure) {
            answers = try await database.rows(
                [
                    "DELETE FROM guild_guests WHERE client_id = \(access.client) AND ends_at <= now()",
                    insertion(draft, origin, access),
                    "SELECT \(columns) \(source) WHERE g.client_id = \(access.client) AND g.user_id = \(draft.user)",
                ], in: access)
        } catch {
            guard error.violatedUniqueness == "guild_guests_once" else { throw error }
            throw Rejection.conflict("This person is a guest already. End that access first.")
        }
        guard answers[1].count > 0, let guest = try columns.first(answers[2]) else {
            throw Rejection.conflict("A server has at most \(limit) guests at a time.")
        }
        return guest
    }

    private static func insertion(_ draft: GuestDraft, _ origin: AuditOrigin, _ access: GuildAccess) -> SQL {
        """
        WITH added AS (
            INSERT INTO guild_guests (client_id, user_id, level, granted_by, ends_at)
            SELECT \(access.client), \(draft.user), \(draft.level), \(access.user),
                   now() + \(draft.hours) * interval '1 hour'
             WHERE (SELECT count(*) FROM guild_guests WHERE client_id = \(access.client)) < \(limit)
            RETURNING client_id, id, user_id, level, granted_by, ends_at
        )
        SELECT dashboard.append_audit(client_id, 'user', granted_by, \(AuditAction.accessGiven.words), id::text,
                                      jsonb_build_object('userId', user_id::text, 'userName', \(name), 'level', level,
                                                         'endsAt', ends_at),
                                      \(origin.source), \(origin.address)::inet)
          FROM added
        """
    }

    /// The person's name at that time; null if the person has never signed in.
    private static let name: SQL = "(SELECT coalesce(global_name, username) FROM users WHERE users.id = user_id)"

    /// Ends an access before it expires.
    ///
    /// - Returns: the person; nil if there is no such access, or it has expired.
    package static func end(
        _ id: GuestID, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> UserID? {
        try await database.rows(
            """
            WITH ended AS (
                DELETE FROM guild_guests WHERE client_id = \(access.client) AND id = \(id) AND ends_at > now()
                RETURNING client_id, id, user_id, level
            )
            SELECT user_id,
                   dashboard.append_audit(client_id, 'user', \(access.user), \(AuditAction.accessEnded.words), id::text,
                                          jsonb_build_object('userId', user_id::text, 'userName', \(name), 'level', level),
                                          \(origin.source), \(origin.address)::inet)
              FROM ended
            """, in: access
        ).first("user_id", of: "guild_guests")
    }
}
