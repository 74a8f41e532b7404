package import Domain
package import Formats

/// The table `webhook_deliveries`: messages to the webhooks of guilds.
package enum WebhookDeliveries {
    package enum Kind: String, CaseIterable, ColumnValue {
        case botOffline = "bot_offline"
        case botOnline = "bot_online"
    }

    /// A message leased to this process.
    package struct Claim: Sendable {
        package let client: ClientID
        package let guild: GuildID
        package let kind: Kind
        /// Nil if the webhook was removed meanwhile.
        package let sealedWebhook: [UInt8]?
        /// When the outage began and ended.
        package let started: Timestamp?
        package let ended: Timestamp?
        /// Attempts so far, including this one.
        package let attempts: Int
        fileprivate let id: Int64
    }

    package enum Outcome: Sendable, Equatable {
        case delivered
        /// Retry after at least that many seconds.
        case failed(String, retryAfterSeconds: Int64)
        case hopeless(String)
    }

    /// Creates new messages, and leases the due ones.
    package static func claim(atMost limit: Int, _ database: Database) async throws(DatabaseFailure) -> [Claim] {
        let answers = try await database.rows([
            "SELECT dashboard.plan_outage_notices()",
            "SELECT \(claimColumns) FROM dashboard.claim_deliveries(\(limit)::int)",
        ])
        return try claimColumns.all(answers[1])
    }

    private static let claimColumns = Columns("webhook_deliveries") { row throws(DatabaseFailure) in
        try Claim(
            client: row("client_id"), guild: row("guild_id"), kind: row("kind"), sealedWebhook: row("webhook"),
            started: row("started_at"), ended: row("ended_at"), attempts: row("attempts"), id: row("id"))
    }

    package static func note(
        _ outcome: Outcome, of claim: Claim, _ database: Database
    ) async throws(DatabaseFailure) {
        let (problem, pause): (String?, Int64?) =
            switch outcome {
            case .delivered: (nil, nil)
            case .failed(let problem, let seconds): (problem, seconds)
            case .hopeless(let problem): (problem, nil)
            }
        try await database.rows(
            "SELECT dashboard.note_delivery(\(claim.client), \(claim.id), \(problem), \(pause))")
    }
}
