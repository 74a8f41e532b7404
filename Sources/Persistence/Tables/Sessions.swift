package import Domain
internal import Formats

/// The table `dashboard_sessions`.
package enum Sessions {
    package struct New: Sendable {
        package let user: UserID
        package let userAgent: String
        package let origin: AuditOrigin

        package init(user: UserID, userAgent: String, from origin: AuditOrigin) {
            self.user = user
            self.userAgent = userAgent
            self.origin = origin
        }
    }

    package enum Rotation: Sendable, Equatable {
        /// The child with this index is now the session's token, from this use or another use a moment ago.
        case rotated(UserID, child: Int)
        /// A token was reused too late: the session was revoked.
        case reused(UserID)
        /// Ended, expired or unknown.
        case ended
    }

    /// Draws the id of a new session, because its first token contains it.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func nextID(_ transaction: Transaction) async throws -> SessionID {
        try await transaction.rows(
            "SELECT nextval(pg_get_serial_sequence('dashboard.dashboard_sessions', 'id'))"
        ).only("nextval", of: "dashboard_sessions")
    }

    /// Inserts a session, with an entry in the installation's audit log.
    ///
    /// Call last in the transaction, because sign-ins are serialised from here on.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func insert(
        _ id: SessionID, _ session: New, refreshHash: [UInt8], _ transaction: Transaction
    ) async throws {
        let origin = session.origin
        try await transaction.rows([
            """
            INSERT INTO dashboard_sessions
                   (id, user_id, refresh_hash, user_agent, ip_address, expires_at, absolute_expires_at)
            OVERRIDING SYSTEM VALUE
            VALUES (\(id), \(session.user), \(refreshHash), left(\(session.userAgent), 512), \(origin.address)::inet,
                    now() + interval '30 days', now() + interval '30 days')
            """,
            """
            SELECT dashboard.append_audit(0, 'user', \(session.user), \(AuditAction.signInAccepted.words), \(id)::text, '{}',
                                          \(origin.source), \(origin.address)::inet)
            """,
        ])
    }

    /// Replaces a refresh token by its child: the first of the possible ones.
    ///
    /// One statement decides, so concurrent uses create one child. The direct parent of the present token is accepted
    /// for 10 more seconds, because another tab may have used it too. Any other token means theft on one side or the
    /// other, and ends the session with an entry in the installation's audit log.
    ///
    /// It also updates `last_active_at`: an active session rotates every 15 minutes, when its access token expires, so
    /// other requests write nothing. `expires_at` never changes: a session expires 30 days after its sign-in.
    package static func rotate(
        _ id: SessionID, parent: [UInt8], children: [[UInt8]], from origin: AuditOrigin, _ database: Database
    ) async throws(DatabaseFailure) -> Rotation {
        let (child, other) = (children[0], children[children.count - 1])
        let answer = try await database.rows(
            """
            WITH used AS (
                UPDATE dashboard_sessions AS s
                   SET refresh_hash = CASE WHEN s.refresh_hash = \(parent) THEN \(child) ELSE s.refresh_hash END,
                       previous_hash = CASE WHEN s.refresh_hash = \(parent) THEN \(parent) ELSE s.previous_hash END,
                       generation = s.generation + CASE WHEN s.refresh_hash = \(parent) THEN 1 ELSE 0 END,
                       rotated_at = CASE WHEN s.refresh_hash = \(parent) THEN now() ELSE s.rotated_at END,
                       last_active_at = CASE WHEN \(isGood(parent, child, other)) THEN now() ELSE s.last_active_at END,
                       revoked_at = CASE WHEN \(isGood(parent, child, other)) THEN NULL ELSE now() END,
                       revoked_reason = CASE WHEN \(isGood(parent, child, other)) THEN NULL ELSE 'token_reuse' END
                 WHERE s.id = \(id) AND s.revoked_at IS NULL AND s.expires_at > now()
                RETURNING s.id, s.user_id, s.revoked_at IS NOT NULL AS is_reuse, s.refresh_hash
            )
            SELECT \(rotationColumns), CASE WHEN is_reuse THEN
                       dashboard.append_audit(0, 'system', NULL, \(AuditAction.sessionTokenReused.words), id::text,
                                              jsonb_build_object('userId', user_id::text), \(origin.source),
                                              \(origin.address)::inet) END
              FROM used
            """)
        guard let used = try rotationColumns.first(answer) else { return .ended }
        if used.isReuse { return .reused(used.user) }
        return .rotated(used.user, child: children.firstIndex { $0 == used.hash } ?? 0)
    }

    private static let rotationColumns = Columns("dashboard_sessions") { row throws(DatabaseFailure) in
        (
            user: try row("user_id", as: UserID.self), isReuse: try row("is_reuse", as: Bool.self),
            hash: try row("refresh_hash", as: [UInt8].self)
        )
    }

    /// True if the token is the present one, or its parent used a moment ago.
    private static func isGood(_ parent: [UInt8], _ child: [UInt8], _ other: [UInt8]) -> SQL {
        """
        (s.refresh_hash = \(parent) OR (s.previous_hash = \(parent) AND s.refresh_hash IN (\(child), \(other))
                                       AND s.rotated_at > now() - interval '10 s'))
        """
    }

    /// The session's user and their registered guilds; nil if it has ended.
    ///
    /// Admins always see their guilds, other members if the guild's `memberAccess` is on, guests until their access
    /// expires.
    package static func state(_ id: SessionID, _ database: Database) async throws(DatabaseFailure) -> SessionState? {
        let answer = try await database.rows(
            """
            SELECT \(stateColumns)
              FROM dashboard_sessions s
              LEFT JOIN LATERAL dashboard.memberships(s.user_id) m ON true
             WHERE s.id = \(id) AND s.revoked_at IS NULL AND s.expires_at > now()
            """)
        let found = try stateColumns.all(answer)
        guard let first = found.first else { return nil }
        var memberships: [GuildID: Membership] = [:]
        for membership in found.compactMap(\.membership) { memberships[membership.guild] = membership }
        return SessionState(user: first.user, expires: first.expires, memberships: memberships)
    }

    private static let stateColumns = Columns("dashboard_sessions") { row throws(DatabaseFailure) in
        (
            user: try row("s.user_id", as: UserID.self),
            expires: try row("least(s.expires_at, min(m.ends_at) OVER ())", as: Timestamp.self),
            membership: try row(membership)
        )
    }

    /// Nil for who has none.
    private static let membership = Columns("memberships") { row throws(DatabaseFailure) in
        let (client, guild) = (try row("m.client_id", as: ClientID?.self), try row("m.guild_id", as: GuildID?.self))
        let (isAdmin, isGuest) = (try row("m.is_admin", as: Bool?.self), try row("m.is_guest", as: Bool?.self))
        let since = try row("m.since", as: Timestamp?.self)
        guard let client, let guild, let isAdmin, let isGuest, let since else { return Membership?.none }
        return Membership(
            client: client, guild: guild, level: isAdmin ? .admin : .viewer, isGuest: isGuest, since: since)
    }
}
