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
        "\(columns) WHERE g.client_id = \(access.client) AND g.ends_at > now() ORDER BY g.ends_at, g.id"
    } value: { rows throws(DatabaseFailure) in
        rows.map(guest)
    }

    /// One whose time is not over.
    package static func one(_ id: GuestID) -> Query<Guest?> {
        Query { access in
            "\(columns) WHERE g.client_id = \(access.client) AND g.id = \(id) AND g.ends_at > now()"
        } value: { rows throws(DatabaseFailure) in
            rows.first.map(guest)
        }
    }

    private static let columns: SQL = """
        SELECT g.id, g.user_id, coalesce(u.global_name, u.username), g.level, g.granted_by,
               coalesce(giver.global_name, giver.username), g.created_at, g.ends_at
          FROM guild_guests g
          LEFT JOIN users u ON u.id = g.user_id
          LEFT JOIN users giver ON giver.id = g.granted_by
        """

    private static func guest(_ row: Row) -> Guest {
        Guest(
            id: row.id(0), user: row.id(1), name: row.optionalText(2), level: row.vocabulary(3, default: .viewer),
            giver: row.id(4), giverName: row.optionalText(5), created: row.timestamp(6), ends: row.timestamp(7))
    }

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
                    "\(columns) WHERE g.client_id = \(access.client) AND g.user_id = \(draft.user)",
                ], in: access)
        } catch {
            guard error.violatedUniqueness == "guild_guests_once" else { throw error }
            throw Rejection.conflict("This person is a guest already. End that access first.")
        }
        guard answers[1].count > 0, let row = answers[2].first else {
            throw Rejection.conflict("A server has at most \(limit) guests at a time.")
        }
        return guest(row)
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
        ).first?.id(0)
    }
}
