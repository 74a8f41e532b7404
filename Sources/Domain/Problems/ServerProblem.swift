internal import Formats

/// A problem of a server that needs attention.
package struct ServerProblem: Equatable, Sendable {
    /// The worst first.
    package enum Severity: String, CaseIterable, Sendable { case error, warning, notice }

    package enum Kind: String, CaseIterable, Sendable {
        case botLeft = "bot_left"
        case botNeverSeen = "bot_never_seen"
        case botOffline = "bot_offline"
        case botDegraded = "bot_degraded"
        case trackingOff = "tracking_off"
        case accountsSuspended = "accounts_suspended"
        case accountsNotFound = "accounts_not_found"
        case accountsPrivate = "accounts_private"
        case accountsFailing = "accounts_failing"
        case accountsSilent = "accounts_silent"
        case handlesLost = "handles_lost"
        case itemsRejected = "bot_items_rejected"
        case webhookMissing = "webhook_missing"
        case webhookFailing = "webhook_failing"
        case keysEnding = "api_keys_ending"
        case keysUnused = "api_keys_unused"
        case listStale = "discord_list_stale"
        case groupsEmpty = "groups_empty"

        package var severity: Severity {
            switch self {
            case .botNeverSeen, .botOffline, .accountsSuspended, .accountsNotFound, .webhookFailing: .error
            case .botLeft, .botDegraded, .trackingOff, .accountsPrivate, .accountsFailing, .accountsSilent: .warning
            case .itemsRejected, .webhookMissing, .keysEnding, .handlesLost: .warning
            case .keysUnused, .listStale, .groupsEmpty: .notice
            }
        }

        /// True if viewers see it as well.
        ///
        /// The others concern settings that only admins see.
        package var isForViewers: Bool {
            switch self {
            case .trackingOff, .itemsRejected, .webhookMissing, .webhookFailing, .keysEnding, .keysUnused, .listStale:
                false
            default: true
            }
        }
    }

    package let kind: Kind
    /// The number of affected objects; 1 if there can be only one.
    package let count: Int
    /// The causes of a problem of the bot.
    package let reasons: [BotReason]

    package init(_ kind: Kind, _ count: Int = 1, reasons: [BotReason] = []) {
        self.kind = kind
        self.count = count
        self.reasons = reasons
    }

    package var severity: Severity { kind.severity }
}

/// The facts of a server from which its problems follow.
package struct ServerFacts: Sendable {
    package var hasBotLeft = false
    package var bot = BotState.online
    package var botReasons: [BotReason] = []
    /// True if a bot has ever sent a heartbeat.
    package var isBotSeen = true
    package var trackingEnabled = true
    /// True if alerts, or notices of the bot's state, are on.
    package var wantsMessages = false
    package var hasWebhook = false
    /// True if the last message to the webhook failed permanently.
    package var isWebhookFailing = false
    package var accounts: [AccountStatus: Int] = [:]
    package var silentAccounts = 0
    package var emptyGroups = 0
    /// Accounts whose handle another account has now, and whose new one is not known yet.
    package var lostHandles = 0
    /// Items of the bot that were rejected within a day; only the last ones are counted.
    package var rejectedItems = 0
    package var endingKeys = 0
    package var unusedKeys = 0
    /// Seconds since the person's servers were last read from Discord; nil if never.
    package var listAge: Int64?
    /// True if Discord refuses to return the list.
    package var isListRefused = false

    package init() {}

    /// An older list may show rights that the person has lost.
    ///
    /// Normally it is refreshed every 15 minutes.
    package static let stalenessOfList = Seconds.day

    /// The worst first.
    package var problems: [ServerProblem] {
        let found = (hasBotLeft ? [ServerProblem(.botLeft)] : botProblems) + dataProblems + adminProblems
        return ServerProblem.Severity.allCases.flatMap { severity in found.filter { $0.severity == severity } }
    }

    private var botProblems: [ServerProblem] {
        if !isBotSeen { return [ServerProblem(.botNeverSeen)] }
        switch bot {
        case .offline: return [ServerProblem(.botOffline, reasons: botReasons)]
        case .degraded: return [ServerProblem(.botDegraded, reasons: botReasons)]
        case .online, .unknown: return []
        }
    }

    private var dataProblems: [ServerProblem] {
        [
            ServerProblem(.accountsSuspended, accounts[.suspended] ?? 0),
            ServerProblem(.accountsNotFound, accounts[.notFound] ?? 0),
            ServerProblem(.accountsPrivate, accounts[.private] ?? 0),
            ServerProblem(.accountsFailing, accounts[.error] ?? 0),
            // Without tracking, no data is expected.
            ServerProblem(.accountsSilent, hasBotLeft || !trackingEnabled ? 0 : silentAccounts),
            ServerProblem(.handlesLost, lostHandles), ServerProblem(.groupsEmpty, emptyGroups),
        ].filter { $0.count > 0 }
    }

    private var adminProblems: [ServerProblem] {
        [
            ServerProblem(.trackingOff, trackingEnabled || hasBotLeft ? 0 : 1),
            ServerProblem(.itemsRejected, rejectedItems),
            ServerProblem(.webhookMissing, wantsMessages && !hasWebhook && !hasBotLeft ? 1 : 0),
            ServerProblem(.webhookFailing, hasWebhook && isWebhookFailing && !hasBotLeft ? 1 : 0),
            ServerProblem(.keysEnding, endingKeys), ServerProblem(.keysUnused, unusedKeys),
            ServerProblem(.listStale, isListRefused || listAge.map { $0 > Self.stalenessOfList } ?? true ? 1 : 0),
        ].filter { $0.count > 0 }
    }
}
