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
        try columns.row(0, of: try await database.rows("SELECT \(columns) FROM dashboard.background_queues()"))
    }

    private static let columns = Columns("background_queues") { row throws(DatabaseFailure) in
        try BackgroundQueues(
            deliveries: row("deliveries"), oldestDelivery: row("oldest_delivery"), thinningDays: row("thinning_days"))
    }
}
