package import Domain

/// The table `guild_guests`: people to whom a guild's admins gave access for a while.
package enum Guests {
    package struct Guest: Sendable, Equatable {
        package let id: GuestID
        package let user: UserID
        /// Nil for someone who never signed in here.
        package let name: String?
        package let level: Level
        package let giver: UserID
        package let giverName: String?
        package let created: Timestamp
        package let ends: Timestamp
    }

    package struct Draft: Sendable, Equatable {
        package let user: UserID
        package let level: Level
        package let hours: Int64

        /// An hour to 30 days.
        package static let hours: ClosedRange<Int64> = 1...720

        package init(user: UserID, level: Level, hours: Int64) {
            self.user = user
            self.level = level
            self.hours = hours
        }
    }

    /// Guests at the same time: a list that fits a page.
    package static let limit = 100

    /// Those whose time is not over, the first to go first.
    package static let list = Query<[Guest]> { access in
        """
        SELECT \(columns) \(source) WHERE g.client_id = \(access.client) AND g.ends_at > now() ORDER BY g.ends_at, g.id
        """
    } value: { rows throws(DatabaseFailure) in
        try columns.all(rows)
    }

    /// One whose time is not over.
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

    /// - Throws: `conflict` where the person is a guest already, or too many others are; `DatabaseFailure`.
    package static func add(
        _ draft: Draft, from origin: AuditOrigin, in access: GuildAccess, _ database: Database
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

    private static func insertion(_ draft: Draft, _ origin: AuditOrigin, _ access: GuildAccess) -> SQL {
        """
        WITH added AS (
            INSERT INTO guild_guests (client_id, user_id, level, granted_by, ends_at)
            SELECT \(access.client), \(draft.user), \(draft.level), \(access.user),
                   now() + \(draft.hours) * interval '1 hour'
             WHERE (SELECT count(*) FROM guild_guests WHERE client_id = \(access.client)) < \(limit)
            RETURNING client_id, id, user_id, level, granted_by, ends_at
        )
        SELECT dashboard.append_audit(client_id, 'user', granted_by, 'access.given', 'guest', id::text,
                                      jsonb_build_object('userId', user_id::text, 'userName', \(name), 'level', level,
                                                         'endsAt', ends_at),
                                      \(origin.source), \(origin.address)::inet)
          FROM added
        """
    }

    /// As the person was called then; null for someone who never signed in here.
    private static let name: SQL = "(SELECT coalesce(global_name, username) FROM users WHERE users.id = user_id)"

    /// Ends an access before its time.
    ///
    /// - Returns: whose it was; nil where there is none, or no longer.
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
                   dashboard.append_audit(client_id, 'user', \(access.user), 'access.ended', 'guest', id::text,
                                          jsonb_build_object('userId', user_id::text, 'userName', \(name), 'level', level),
                                          \(origin.source), \(origin.address)::inet)
              FROM ended
            """, in: access
        ).first("user_id", of: "guild_guests")
    }
}
