package import Domain
internal import Formats

/// A person's live sessions, and their revocation.
extension Sessions {
    package enum RevocationReason: String, SQLConvertible, Sendable {
        case logout
        case revokedByUser = "revoked_by_user"
    }

    /// The current session first, then the latest activity; at most 100.
    ///
    /// Further sessions can be ended only all together, or expire.
    package static func list(of user: UserID, current: SessionID, _ database: Database) async throws(DatabaseFailure)
        -> [LiveSession]
    {
        let answer = try await database.rows(
            """
            SELECT \(entryColumns)
              FROM dashboard_sessions
             WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > now()
             ORDER BY id = \(current) DESC, last_active_at DESC, id DESC
             LIMIT 100
            """)
        return try entryColumns.all(answer)
    }

    private static let entryColumns = Columns("dashboard_sessions") { row throws(DatabaseFailure) in
        try LiveSession(
            id: row("id"), userAgent: row("user_agent"), address: row("host(ip_address)"), created: row("created_at"),
            lastActive: row("last_active_at"), expires: row("expires_at"))
    }

    /// Ends one session, with an entry in the installation's audit log.
    ///
    /// - Returns: true if the user had a live session with this id.
    package static func revoke(
        _ id: SessionID, of user: UserID, reason: RevocationReason, from origin: AuditOrigin, _ database: Database
    ) async throws(DatabaseFailure) -> Bool {
        try await database.rows(
            """
            WITH ended AS (
                UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = \(reason)
                 WHERE id = \(id) AND user_id = \(user) AND revoked_at IS NULL AND expires_at > now()
                RETURNING id, user_id, revoked_reason
            )
            SELECT dashboard.append_audit(0, 'user', user_id, \(AuditAction.sessionEnded.words), id::text,
                                          jsonb_build_object('reason', revoked_reason), \(origin.source),
                                          \(origin.address)::inet)
              FROM ended
            """
        ).count > 0
    }

    /// Ends every session of the user, with one entry in the installation's audit log.
    package static func revokeAll(
        of user: UserID, from origin: AuditOrigin, _ database: Database
    ) async throws(DatabaseFailure) {
        try await database.rows(
            """
            WITH ended AS (
                UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'logout_all'
                 WHERE user_id = \(user) AND revoked_at IS NULL AND expires_at > now()
                RETURNING id
            )
            SELECT dashboard.append_audit(0, 'user', \(user), \(AuditAction.sessionEndedEverywhere.words), \(user)::text,
                                          jsonb_build_object('sessions', counted.sessions), \(origin.source),
                                          \(origin.address)::inet)
              FROM (SELECT count(*) AS sessions FROM ended) AS counted
             WHERE counted.sessions > 0
            """)
    }
}
