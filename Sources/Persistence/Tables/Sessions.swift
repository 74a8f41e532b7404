package import Domain

/// The table `dashboard_sessions`: who is signed in where.
package enum Sessions {
    /// What a request needs to know of a session beyond its token.
    package struct State: Sendable, Equatable {
        package let user: UserID
        /// When this may no longer be so: the session ends, or the first of the accesses that were given for a while.
        package let expires: Timestamp
        package let memberships: [GuildID: Membership]
    }

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
        /// The child of that index is the session's token now, made by this use or a moment ago by another of the same
        /// token.
        case rotated(UserID, child: Int)
        /// A token was used again after its time: the session has been ended.
        case reused(UserID)
        /// Ended, expired or unknown.
        case ended
    }

    /// Draws the id of a session to come, since its first token holds it.
    package static func nextID(_ transaction: Transaction) async throws -> SessionID {
        try await transaction.rows(
            "SELECT nextval(pg_get_serial_sequence('dashboard.dashboard_sessions', 'id'))"
        ).only("nextval", of: "dashboard_sessions")
    }

    /// Begins a session, with an entry in the installation's audit log.
    ///
    /// To be the last thing in its transaction: sign-ins wait for each other from here on.
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
            SELECT dashboard.append_audit(0, 'user', \(session.user), 'sign_in.accepted', 'session', \(id)::text, '{}',
                                          \(origin.source), \(origin.address)::inet)
            """,
        ])
    }

    /// Replaces a refresh token by its child: the first of those that it may have.
    ///
    /// One statement decides, so any number of uses at once make one child. The direct parent of the present token may
    /// come again for 10 seconds, since another tab had it too; any other token of the session is a stolen one or was
    /// stolen from, and ends it, with an entry in the installation's audit log.
    ///
    /// This is also where `last_active_at` is kept: a session that is used rotates every 15 minutes, when its access
    /// token has run out, and no other request has to write anything for it. `expires_at` never moves: a session
    /// ends 30 days after its sign-in.
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
                       dashboard.append_audit(0, 'system', NULL, 'session.token_reused', 'session', id::text,
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

    /// Whether a token is the session's present one, or the parent of it that was used a moment ago.
    private static func isGood(_ parent: [UInt8], _ child: [UInt8], _ other: [UInt8]) -> SQL {
        """
        (s.refresh_hash = \(parent) OR (s.previous_hash = \(parent) AND s.refresh_hash IN (\(child), \(other))
                                       AND s.rotated_at > now() - interval '10 s'))
        """
    }

    /// The session's user and their registered guilds; nil when it is over.
    ///
    /// Admins see their guilds always, other members where the guild's `memberAccess` is on, guests while they are.
    package static func state(_ id: SessionID, _ database: Database) async throws(DatabaseFailure) -> State? {
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
        return State(user: first.user, expires: first.expires, memberships: memberships)
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
        guard let client, let guild, let isAdmin, let isGuest else { return Membership?.none }
        return Membership(client: client, guild: guild, level: isAdmin ? .admin : .viewer, isGuest: isGuest)
    }
}
