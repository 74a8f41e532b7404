internal import Domain
internal import Formats
internal import HTTP
package import Persistence

/// Notifies guilds by webhook, without the bot, that the bot went offline or came back.
///
/// Any number of processes may run it: each delivery is leased to one process at a time.
package struct OutageNotices: Sendable {
    private let world: World
    private let database: Database
    /// Concurrent deliveries.
    ///
    /// Each holds one of the threads that sign-ins use as well.
    private static let batch = 4
    /// Maximum attempts.
    ///
    /// A delivery with one more has no outcome: the process ended during the last attempt.
    private static let maximalAttempts = 8

    package init(_ world: World, _ database: Database) {
        self.world = world
        self.database = database
    }

    /// Sends the due notices.
    ///
    /// - Throws: `DatabaseFailure`; notices that were sent but not recorded are sent again later.
    package func run() async throws(DatabaseFailure) {
        while true {
            let claims = try await WebhookDeliveries.claim(atMost: Self.batch, database)
            for claim in claims {
                let outcome = await send(claim)
                if outcome != .delivered {
                    world.log.warning(
                        "a notice was not delivered: \(outcome)", [("guild", claim.guild.description)])
                }
                try await WebhookDeliveries.note(outcome, of: claim, database)
            }
            if claims.count < Self.batch { return }
        }
    }

    private func send(_ claim: WebhookDeliveries.Claim) async -> WebhookDeliveries.Outcome {
        guard claim.attempts <= Self.maximalAttempts else {
            return .hopeless("the service stopped during each attempt")
        }
        guard let sealed = claim.sealedWebhook else { return .hopeless("the webhook was removed from the settings") }
        guard let webhook = world.vault.openWebhook(sealed, of: claim.client) else {
            return .hopeless("cannot decrypt the webhook's address: was DISCORD_TOKEN_SECRET changed?")
        }
        do throws(DiscordFailure) {
            try await world.discord.deliver(text(claim), to: webhook)
            return .delivered
        } catch {
            switch error {
            case .refused, .wrongApplication: return .hopeless("the webhook was deleted at Discord")
            case .rateLimited(let seconds):
                return .failed("rate limited by Discord", retryAfterSeconds: Int64(clamping: seconds))
            case .unavailable(let reason): return .failed(reason, retryAfterSeconds: 30)
            }
        }
    }

    /// Discord shows `<t:…:f>` as a time in each reader's time zone.
    private func text(_ claim: WebhookDeliveries.Claim) -> String {
        let start = claim.started.map { "<t:\($0.seconds):f>" } ?? "a while ago"
        let page = world.settings.origin + PagePath.guildStatus.link(claim.guild).text
        switch claim.kind {
        case .botOffline:
            return "🔴 The tracking bot is offline since \(start). Existing data stays readable: \(page)"
        case .botOnline:
            let end = claim.ended.map { "<t:\($0.seconds):f>" } ?? "now"
            return "🟢 The tracking bot is back. It was offline from \(start) to \(end): \(page)"
        }
    }
}
