internal import Domain
package import Formats

/// The background queues of all tenants together, and the items of bots that were rejected.
package struct BackgroundQueues: Sendable, Equatable {
    /// Webhook messages that are neither delivered nor given up.
    package let deliveries: Int
    /// Creation time of the oldest waiting message.
    package let oldestDelivery: Timestamp?
    /// Days of tenants' history to be thinned; counted up to 10,000.
    package let thinningDays: Int
    /// Since the installation began, by reason.
    package var rejections: [Rejections] = []

    package struct Rejections: Sendable, Equatable {
        package let reason: String
        package let count: Int
    }

    package init(deliveries: Int, oldestDelivery: Timestamp?, thinningDays: Int) {
        self.deliveries = deliveries
        self.oldestDelivery = oldestDelivery
        self.thinningDays = thinningDays
    }

    package static func read(_ database: Database) async throws(DatabaseFailure) -> BackgroundQueues {
        let answers = try await database.rows([
            "SELECT \(columns) FROM dashboard.background_queues()",
            "SELECT \(rejectionColumns) FROM rejection_counts GROUP BY reason ORDER BY reason",
        ])
        var queues = try columns.row(0, of: answers[0])
        queues.rejections = try rejectionColumns.all(answers[1])
        return queues
    }

    private static let rejectionColumns = Columns("rejection_counts") { row throws(DatabaseFailure) in
        try Rejections(reason: row("reason"), count: row("least(sum(total), 999999999999999)::bigint"))
    }

    private static let columns = Columns("background_queues") { row throws(DatabaseFailure) in
        try BackgroundQueues(
            deliveries: row("deliveries"), oldestDelivery: row("oldest_delivery"), thinningDays: row("thinning_days"))
    }
}
