/// Rows that nobody needs any more, and room for those to come.
package enum CleanUp {
    /// The history tables have a partition for each month: the next three are made ahead.
    package static func makePartitions(_ database: Database) async throws {
        try await database.rowsApart("SELECT dashboard.make_metric_partitions()")
    }

    /// Any number of processes may do this at once.
    package static func run(_ database: Database) async throws {
        try await database.rowsApart("DELETE FROM oauth_states WHERE expires_at < now() - interval '1 hour'")
        // Ended sessions stay for a while, so that a list can show them and a reused token is still known.
        try await database.rowsApart("DELETE FROM dashboard_sessions WHERE expires_at < now() - interval '7 days'")
        try await database.rowsApart("DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'")
    }

    /// Leaves one measurement of a day of what is older than 30 days, and deletes posts beyond their guild's retention:
    /// a short step of each.
    ///
    /// - Returns: whether there may be more to do.
    package static func thinHistory(_ database: Database) async throws -> Bool {
        // One after the other: what a step locks is not locked for longer than a request would.
        let thinned: Bool = try await database.rowsApart("SELECT dashboard.thin_metrics()")
            .only("thin_metrics", of: "post_metrics")
        let deleted: Bool = try await database.rowsApart("SELECT dashboard.delete_expired_posts(1000)")
            .only("delete_expired_posts", of: "posts")
        return thinned || deleted
    }
}
