/// Rows that nobody needs any more, and room for those to come.
package enum CleanUp {
    /// The history tables have a partition for each month: the next three are made ahead.
    package static func makePartitions(_ database: Database) async throws(DatabaseFailure) {
        try await database.rows("SELECT dashboard.make_metric_partitions()")
    }

    /// Any number of processes may do this at once.
    package static func run(_ database: Database) async throws(DatabaseFailure) {
        try await database.rows("DELETE FROM oauth_states WHERE expires_at < now() - interval '1 hour'")
        // Ended sessions stay for a while, so that a list can show them and a reused token is still known.
        try await database.rows("DELETE FROM dashboard_sessions WHERE expires_at < now() - interval '7 days'")
    }
}
