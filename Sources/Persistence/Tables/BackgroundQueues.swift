package import Domain

/// What waits to be done in the background, of all tenants together.
package struct BackgroundQueues: Sendable, Equatable {
    /// Messages to webhooks that are neither delivered nor given up.
    package let deliveries: Int
    /// Since when the oldest of them waits.
    package let oldestDelivery: Timestamp?
    /// Days of a tenant's history that are to be thinned; no more than 10,000 are counted.
    package let thinningDays: Int

    package init(deliveries: Int, oldestDelivery: Timestamp?, thinningDays: Int) {
        self.deliveries = deliveries
        self.oldestDelivery = oldestDelivery
        self.thinningDays = thinningDays
    }

    package static func read(_ database: Database) async throws(DatabaseFailure) -> BackgroundQueues {
        try columns.row(0, of: try await database.rows("SELECT \(columns) FROM dashboard.background_queues()"))
    }

    private static let columns = Columns("background_queues") { row throws(DatabaseFailure) in
        try BackgroundQueues(
            deliveries: row("deliveries"), oldestDelivery: row("oldest_delivery"), thinningDays: row("thinning_days"))
    }
}
