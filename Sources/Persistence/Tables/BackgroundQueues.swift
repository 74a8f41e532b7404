internal import Domain
package import Formats

/// The background queues of all tenants together.
package struct BackgroundQueues: Sendable, Equatable {
    /// Webhook messages that are neither delivered nor given up.
    package let deliveries: Int
    /// Creation time of the oldest waiting message.
    package let oldestDelivery: Timestamp?
    /// Days of tenants' history to be thinned; counted up to 10,000.
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
