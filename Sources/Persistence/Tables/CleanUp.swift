internal import Formats

/// Deletes obsolete rows, and creates partitions ahead.
package enum CleanUp {
    /// The history tables have a partition for each month; the next three are created ahead.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func makePartitions(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.make_metric_partitions()")
    }

    /// Any number of processes may run this concurrently.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func run(_ database: Database) async throws {
        try await database.rowsApart("DELETE FROM oauth_states WHERE expires_at < now() - interval '1 hour'")
        // Ended sessions are kept for a while, so that a list can show them and a reused token is detected.
        try await database.rowsApart("DELETE FROM dashboard_sessions WHERE expires_at < now() - interval '7 days'")
        try await database.rowsApart("DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'")
        try await RejectedItems.deleteOld(database)
    }

    /// Keeps one measurement a day of data older than 30 days, and deletes posts beyond their guild's retention: one
    /// short step of each.
    ///
    /// - Returns: true if there may be more to do.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func thinHistory(_ database: Database) async throws -> Bool {
        // One after the other, so that no step holds locks longer than a request would.
        let thinned: Bool = try await database.rowsApart("SELECT dashboard.thin_metrics()")
            .only("thin_metrics", of: "post_metrics")
        let deleted: Bool = try await database.rowsApart("SELECT dashboard.delete_expired_posts(1000)")
            .only("delete_expired_posts", of: "posts")
        return thinned || deleted
    }
}
