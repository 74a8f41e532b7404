/// Rows that nobody needs any more.
package enum CleanUp {
    /// Any number of processes may do this at once.
    package static func run(_ database: Database) async throws(DatabaseFailure) {
        try await database.rows("DELETE FROM oauth_states WHERE expires_at < now() - interval '1 hour'")
        // Ended sessions stay for a while, so that a list can show them and a reused token is still known.
        try await database.rows("DELETE FROM dashboard_sessions WHERE expires_at < now() - interval '7 days'")
    }
}
