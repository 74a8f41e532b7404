internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The texts of problems: title, advice and link.
extension ServerProblem {
    var title: String {
        switch kind {
        case .botLeft: "The bot has left this server"
        case .botNeverSeen: "The bot has never been seen"
        case .botOffline: "The bot is offline"
        case .botDegraded: "The bot is degraded"
        case .trackingOff: "Tracking is switched off"
        case .accountsSuspended, .accountsNotFound, .accountsPrivate, .accountsFailing:
            "\(CountText.text(count, "account")) \(accountStatus?.predicate(count) ?? "")"
        case .accountsSilent: "\(CountText.text(count, "account")) without new data"
        case .handlesLost: "\(CountText.text(count, "account")) lost \(count == 1 ? "its handle" : "their handles")"
        case .itemsRejected: rejectedTitle
        case .webhookMissing: "Alerts have no webhook"
        case .webhookFailing: "Alerts aren't being delivered"
        case .keysEnding: "\(CountText.text(count, "API key")) \(count == 1 ? "ends" : "end") within a week"
        case .keysUnused: "\(CountText.text(count, "API key")) not used for 30 days"
        case .listStale: "Your Discord permissions are out of date"
        case .groupsEmpty: "\(CountText.text(count, "group")) without accounts"
        }
    }

    var advice: String {
        switch kind {
        case .botLeft: "Existing data stays readable. Invite it again to resume tracking."
        case .botNeverSeen: "No heartbeat has arrived yet. Start the bot, and check its API key or database login."
        case .botOffline, .botDegraded: reasons.map(\.advice).joined(separator: " ")
        case .trackingOff: "No new data is collected until it is switched on in the settings."
        case .accountsSuspended, .accountsNotFound, .accountsPrivate, .accountsFailing: accountStatus?.advice ?? ""
        case .accountsSilent: "Active, but no new data for more than 3 days."
        case .handlesLost:
            "Another account has the handle now. The placeholder with a question mark goes with the bot’s next report."
        case .itemsRejected: "The bot sent them today, and they were not stored. See what is wrong with them."
        case .webhookMissing: "Alerts or notices are on, but no webhook is set. Add one, or switch them off."
        case .webhookFailing: "Copy the webhook URL from Discord again and save it."
        case .keysEnding: "It has been replaced. Make sure the bot uses the new key."
        case .keysUnused: "Revoke keys you no longer use."
        case .listStale: "Sign out and in again to refresh them."
        case .groupsEmpty: "Add accounts to them, or delete them."
        }
    }

    func link(in guild: GuildID) -> Link {
        switch kind {
        case .botLeft: PagePath.servers.link()
        case .botNeverSeen, .botOffline, .botDegraded: PagePath.guildStatus.link(guild)
        case .trackingOff, .webhookMissing, .webhookFailing: PagePath.settings.link(guild)
        case .accountsSuspended, .accountsNotFound, .accountsPrivate, .accountsFailing:
            PagePath.accounts.link(guild).asking([("status", accountStatus?.rawValue)])
        // Sorts the accounts with the longest silence last.
        case .accountsSilent: PagePath.accounts.link(guild).asking([("status", "active"), ("sort", "lastPostAt")])
        case .keysEnding, .keysUnused, .itemsRejected: PagePath.apiKeys.link(guild)
        case .handlesLost: PagePath.accounts.link(guild).asking([("q", "?")])
        case .listStale: PagePath.profile.link()
        case .groupsEmpty: PagePath.brands.link(guild)
        }
    }

    /// Only the last ones are kept, so more may have been rejected.
    private var rejectedTitle: String {
        if count >= RejectedItems.limit { return "\(RejectedItems.limit) or more items of the bot were rejected" }
        return "\(CountText.text(count, "item")) of the bot \(count == 1 ? "was" : "were") rejected"
    }

    /// The status of the affected accounts.
    var accountStatus: AccountStatus? {
        switch kind {
        case .accountsSuspended: .suspended
        case .accountsNotFound: .notFound
        case .accountsPrivate: .private
        case .accountsFailing: .error
        default: nil
        }
    }

    /// The bot's conditions to which the problem belongs, if any; they hold when the page is made.
    var conditions: [Attribute] {
        let words = kind == .botNeverSeen ? [BotReason.neverSeen] : reasons
        if words.isEmpty { return [] }
        return [
            .fixed("data-status", "only"), .text("data-states", words.map(\.rawValue).joined(separator: " ")),
        ]
    }

    var tone: Tone {
        switch severity {
        case .error: .bad
        case .warning: .warn
        case .notice: .neutral
        }
    }

    var icon: Icon {
        switch kind {
        case .accountsSilent: .clock
        case .groupsEmpty: .groups
        case .keysEnding, .keysUnused, .listStale: .info
        default: severity == .error ? .bad : .warning
        }
    }
}

extension AccountStatus {
    /// For example `17 accounts are private`.
    fileprivate func predicate(_ count: Int) -> String {
        switch self {
        case .notFound: count == 1 ? "was not found" : "were not found"
        case .error: "failed the last check"
        case .active, .paused, .private, .suspended: "\(count == 1 ? "is" : "are") \(rawValue)"
        }
    }

    /// The effect on the data, and the remedy.
    var advice: String {
        switch self {
        case .active: "The bot reads new posts and numbers."
        case .paused: "The bot skips it until an admin resumes it."
        case .private: "The bot cannot read new posts. Ask the creator to make the account public again."
        case .suspended: "The platform suspended this account."
        case .notFound: "It was renamed or deleted on the platform."
        case .error: "The bot will retry."
        }
    }
}

extension BotReason {
    /// The cause, and the remedy.
    var advice: String {
        switch self {
        case .silence: "No heartbeat for more than 90 seconds. Check that it is running, then its log."
        case .stopping: "It reported that it shuts down. Start it again."
        case .reported: "It reports a problem. Check its log."
        case .shardsDown: "Some of its shards are down. Check its log."
        case .latency: "Discord takes more than a second to answer it. This usually passes without a change."
        case .neverSeen: "No heartbeat has arrived yet."
        case .unread: "The database is unreachable."
        }
    }
}
