package import Domain

/// The table `dashboard_sessions`: who is signed in where.
package enum Sessions {
    /// What a request needs to know of a session beyond its token.
    package struct State: Sendable, Equatable {
        package let user: UserID
        package let expires: Timestamp
        package let memberships: [GuildID: Membership]
    }

    package struct New: Sendable {
        package let user: UserID
        package let userAgent: String
        package let address: String?

        package init(user: UserID, userAgent: String, address: String?) {
            self.user = user
            self.userAgent = userAgent
            self.address = address
        }
    }

    package enum Rotation: Sendable, Equatable {
        /// The child is the session's token now, made by this use or a moment ago by another of the same token.
        case rotated(UserID)
        /// A token was used again after its time: the session has been ended.
        case reused(UserID)
        /// Ended, expired or unknown.
        case ended
    }

    /// Draws the id of a session to come, since its first token holds it.
    package static func nextID(_ transaction: Transaction) async throws -> SessionID {
        try await transaction.rows(
            "SELECT nextval(pg_get_serial_sequence('dashboard.dashboard_sessions', 'id'))"
        )[0].id(0)
    }

    package static func insert(
        _ id: SessionID, _ session: New, refreshHash: [UInt8], _ transaction: Transaction
    ) async throws {
        try await transaction.rows(
            """
            INSERT INTO dashboard_sessions
                   (id, user_id, refresh_hash, user_agent, ip_address, expires_at, absolute_expires_at)
            OVERRIDING SYSTEM VALUE
            VALUES (\(id), \(session.user), \(refreshHash), left(\(session.userAgent), 512), \(session.address)::inet,
                    now() + interval '30 days', now() + interval '30 days')
            """)
    }

    /// Replaces a refresh token by its child.
    ///
    /// One statement decides, so any number of uses at once make one child.
    ///
    /// The direct parent of the present token may come again for 10 seconds: another tab had it too.
    package static func rotate(
        _ id: SessionID, parent: [UInt8], child: [UInt8], _ database: Database
    ) async throws(DatabaseFailure) -> Rotation {
        let row = try await database.rows(
            """
            UPDATE dashboard_sessions AS s
               SET refresh_hash = CASE WHEN s.refresh_hash = \(parent) THEN \(child) ELSE s.refresh_hash END,
                   previous_hash = CASE WHEN s.refresh_hash = \(parent) THEN \(parent) ELSE s.previous_hash END,
                   generation = s.generation + CASE WHEN s.refresh_hash = \(parent) THEN 1 ELSE 0 END,
                   rotated_at = CASE WHEN s.refresh_hash = \(parent) THEN now() ELSE s.rotated_at END,
                   last_active_at = now(),
                   revoked_at = CASE WHEN s.refresh_hash = \(parent) OR (s.previous_hash = \(parent)
                                          AND s.refresh_hash = \(child) AND s.rotated_at > now() - interval '10 s')
                                     THEN NULL ELSE now() END,
                   revoked_reason = CASE WHEN s.refresh_hash = \(parent) OR (s.previous_hash = \(parent)
                                          AND s.refresh_hash = \(child) AND s.rotated_at > now() - interval '10 s')
                                     THEN NULL ELSE 'token_reuse' END
             WHERE s.id = \(id) AND s.revoked_at IS NULL AND s.expires_at > now()
            RETURNING s.user_id, s.revoked_at IS NOT NULL
            """
        ).first
        guard let row else { return .ended }
        return row.boolean(1) ? .reused(row.id(0)) : .rotated(row.id(0))
    }

    /// - Returns: whether there was a live session of this user with this id.
    package static func revoke(
        _ id: SessionID, of user: UserID, reason: RevocationReason, _ database: Database
    ) async throws(DatabaseFailure) -> Bool {
        try await database.rows(
            """
            UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = \(reason)
             WHERE id = \(id) AND user_id = \(user) AND revoked_at IS NULL AND expires_at > now()
            """
        ).changed > 0
    }

    package enum RevocationReason: String, SQLConvertible, Sendable {
        case logout
        case logoutAll = "logout_all"
        case revokedByUser = "revoked_by_user"
    }

    /// The session's user and their registered guilds; nil when it is over.
    ///
    /// Admins see their guilds always, other members where the guild's `memberAccess` is on.
    package static func state(_ id: SessionID, _ database: Database) async throws(DatabaseFailure) -> State? {
        let rows = try await database.rows(
            """
            SELECT s.user_id, s.expires_at, m.client_id, m.guild_id, m.is_admin
              FROM dashboard_sessions s
              LEFT JOIN LATERAL dashboard.memberships(s.user_id) m ON true
             WHERE s.id = \(id) AND s.revoked_at IS NULL AND s.expires_at > now()
            """)
        guard let first = rows.first else { return nil }
        var memberships: [GuildID: Membership] = [:]
        for index in 0..<rows.count where !rows[index].isNull(2) {
            let row = rows[index]
            memberships[row.id(3)] = Membership(
                client: row.id(2), guild: row.id(3), level: row.boolean(4) ? .admin : .viewer)
        }
        return State(user: first.id(0), expires: first.timestamp(1), memberships: memberships)
    }
}
