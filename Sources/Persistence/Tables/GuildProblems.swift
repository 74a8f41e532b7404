package import Domain
internal import Formats

/// The data from which a guild's problems follow, read in one round trip.
package struct GuildProblems: Sendable {
    package let profile: GuildProfile
    package let counts: GuildCounts
    package let silentAccounts: Excerpt<Accounts.Silent>
    package let emptyGroups: Excerpt<AccountGroups.Empty>
    package let watch: Watch

    /// Keys, and the age of the person's list of servers.
    package struct Watch: Sendable, Equatable {
        /// Active keys that expire within 7 days.
        package let endingKeys: Int
        /// Active keys that were not used for 30 days.
        package let unusedKeys: Int
        /// By the database's clock; nil if the list was never read.
        package let listAge: Int64?
        package let listSource: GuildList.Source
        /// True if the newest finished webhook message since the settings were saved failed permanently.
        package let isWebhookFailing: Bool
        /// Within a day; at most `RejectedItems.limit`.
        package let rejectedItems: Int
        package let lostHandles: Int
    }

    /// Guests cannot see the keys, so they get no problems about them.
    static let watch = Query<Watch> { access in
        """
        SELECT \(watchColumns)
          FROM (SELECT \(access.user) AS id,
                       coalesce((SELECT d.gave_up_at IS NOT NULL FROM webhook_deliveries d
                                   JOIN guild_settings s ON s.client_id = d.client_id
                                  WHERE d.client_id = \(access.client) AND d.created_at > s.updated_at
                                    AND (d.delivered_at IS NOT NULL OR d.gave_up_at IS NOT NULL)
                                  ORDER BY d.id DESC LIMIT 1), false) AS is_webhook_failing,
                       (SELECT count(*) FROM rejected_items r
                         WHERE r.client_id = \(access.client) AND NOT \(access.isGuest)
                           AND r.rejected_at > now() - interval '1 day') AS rejected_items,
                       (SELECT count(*) FROM client_accounts a
                         WHERE a.client_id = \(access.client) AND a.handle_lost_at IS NOT NULL) AS lost_handles) asking
          LEFT JOIN users u ON u.id = asking.id
          LEFT JOIN api_keys k ON k.client_id = \(access.client) AND k.revoked_at IS NULL
                              AND NOT \(access.isGuest) AND (k.expires_at IS NULL OR k.expires_at > now())
         GROUP BY u.guilds_read_at, u.guilds_source_state, asking.is_webhook_failing,
                  asking.rejected_items, asking.lost_handles
        """
    } value: { rows throws(DatabaseFailure) in
        try watchColumns.row(0, of: rows)
    }

    private static let watchColumns = Columns("api_keys") { row throws(DatabaseFailure) in
        try Watch(
            endingKeys: row("count(k.id) FILTER (WHERE k.expires_at < now() + interval '7 days')"),
            unusedKeys: row(
                """
                count(k.id) FILTER (WHERE k.expires_at IS NULL AND k.created_at < now() - interval '30 days'
                                      AND coalesce(k.last_used_at, '-infinity') < now() - interval '30 days')
                """),
            listAge: row("extract(epoch FROM now() - u.guilds_read_at)::bigint"),
            // A person who is not known here has no list.
            listSource: row("coalesce(u.guilds_source_state, 'unread')"),
            isWebhookFailing: row("asking.is_webhook_failing"), rejectedItems: row("asking.rejected_items"),
            lostHandles: row("asking.lost_handles"))
    }

    /// - Returns: nil if the guild was deleted meanwhile.
    package static func read(
        in access: GuildAccess, _ database: Database
    ) async throws(DatabaseFailure) -> GuildProblems? {
        let (profile, counts, silent, empty, watch) = try await database.read(
            Guilds.profile, Guilds.counts, Accounts.silent, AccountGroups.empty, watch, in: access)
        return profile.map {
            GuildProblems(profile: $0, counts: counts, silentAccounts: silent, emptyGroups: empty, watch: watch)
        }
    }

    /// The resulting problems, with the bot's present state.
    package func problems(_ bot: BotStatus?) -> [ServerProblem] {
        let settings = profile.settings.values
        var facts = ServerFacts()
        facts.hasBotLeft = profile.leftAt != nil
        facts.bot = bot?.state ?? .unknown
        facts.botReasons = bot?.reasons ?? []
        facts.isBotSeen = bot?.lastHeartbeat != nil
        facts.trackingEnabled = settings.trackingEnabled
        facts.wantsMessages = settings.notificationsEnabled || settings.statusNotices
        facts.hasWebhook = settings.alertWebhook != .none
        facts.isWebhookFailing = watch.isWebhookFailing
        for status in AccountStatus.allCases { facts.accounts[status] = counts.accounts(being: status) }
        facts.silentAccounts = silentAccounts.total
        facts.emptyGroups = emptyGroups.total
        facts.lostHandles = watch.lostHandles
        facts.rejectedItems = watch.rejectedItems
        facts.endingKeys = watch.endingKeys
        facts.unusedKeys = watch.unusedKeys
        facts.listAge = watch.listAge
        facts.isListRefused = watch.listSource == .revoked
        return facts.problems
    }
}

extension GuildOverview {
    package var problems: GuildProblems {
        GuildProblems(
            profile: profile, counts: counts, silentAccounts: silentAccounts, emptyGroups: emptyGroups, watch: watch)
    }
}
