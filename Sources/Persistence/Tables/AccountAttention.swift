package import Domain
package import Formats

/// Accounts that need attention.
extension Accounts {
    /// An account that is not active, and since when.
    package struct Inactive: Sendable, Equatable {
        package let id: ClientAccountID
        package let platform: Platform
        package let handle: String
        package let status: AccountStatus
        package let since: Timestamp
    }

    /// An active account without new data.
    package struct Silent: Sendable, Equatable {
        package let id: ClientAccountID
        package let platform: Platform
        package let handle: String
        /// The last measurement or post; nil if there never was one.
        package let lastDataAt: Timestamp?
    }

    /// The latest changes first, at most ten.
    package static let inactive = Query<Excerpt<Inactive>> { access in
        """
        SELECT \(inactiveColumns) FROM client_accounts
         WHERE client_id = \(access.client) AND status <> 'active'
         ORDER BY status_since DESC, id DESC LIMIT 10
        """
    } value: { rows throws(DatabaseFailure) in
        try Excerpt(rows, inactiveColumns)
    }

    private static let inactiveColumns = Excerpt.columns("client_accounts") { row throws(DatabaseFailure) in
        try Inactive(
            id: row("id"), platform: row("platform"), handle: row("handle"), status: row("status"),
            since: row("status_since"))
    }

    /// Active accounts without new data for more than 3 days, by handle, at most ten.
    ///
    /// They were added before, and had since then no measurement, no new post, and no measurement of their newest
    /// posts.
    package static let silent = Query<Excerpt<Silent>> { access in
        """
        SELECT \(silentColumns)
          FROM client_accounts a
         CROSS JOIN LATERAL (
            SELECT max(p.measured_at) AS measured_at
              FROM (SELECT measured_at FROM posts WHERE client_id = a.client_id AND account_id = a.id
                     ORDER BY posted_at DESC, id DESC LIMIT 3) p
         ) newest
         WHERE a.client_id = \(access.client) AND a.status = 'active' AND a.created_at < now() - interval '3 days'
           AND a.last_post_key < now() - interval '3 days'
           AND NOT EXISTS (
               SELECT FROM account_metrics m WHERE m.client_id = a.client_id AND m.account_id = a.id
                  AND m.measured_at > now() - interval '3 days')
           AND (newest.measured_at IS NULL OR newest.measured_at < now() - interval '3 days')
         ORDER BY a.handle_key, a.id LIMIT 10
        """
    } value: { rows throws(DatabaseFailure) in
        try Excerpt(rows, silentColumns)
    }

    private static let silentColumns = Excerpt.columns("client_accounts") { row throws(DatabaseFailure) in
        try Silent(
            id: row("a.id"), platform: row("a.platform"), handle: row("a.handle"),
            lastDataAt: row(
                """
                greatest(a.last_post_at, newest.measured_at, (
                    SELECT m.measured_at FROM account_metrics m WHERE m.client_id = a.client_id AND m.account_id = a.id
                     ORDER BY m.measured_at DESC LIMIT 1))
                """))
    }
}
