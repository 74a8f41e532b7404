internal import Domain
package import Formats

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
        let row = try await database.rows(
            "SELECT deliveries, oldest_delivery, thinning_days FROM dashboard.background_queues()")[0]
        return BackgroundQueues(
            deliveries: row.int(0), oldestDelivery: row.optionalTimestamp(1), thinningDays: row.int(2))
    }
}
