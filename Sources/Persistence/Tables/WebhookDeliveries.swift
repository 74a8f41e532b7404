package import Domain
package import Formats

/// The table `webhook_deliveries`: messages to the webhooks of guilds.
package enum WebhookDeliveries {
    package enum Kind: String, Sendable {
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
        try await database.rows([
            "SELECT dashboard.plan_outage_notices()",
            """
            SELECT client_id, guild_id, kind, webhook, started_at, ended_at, id, attempts
              FROM dashboard.claim_deliveries(\(limit)::int)
            """,
        ])[1].map { row in
            Claim(
                client: row.id(0), guild: row.id(1), kind: row.vocabulary(2, default: .botOffline),
                sealedWebhook: row.optionalData(3), started: row.optionalTimestamp(4),
                ended: row.optionalTimestamp(5), attempts: row.int(7), id: row.integer(6))
        }
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
