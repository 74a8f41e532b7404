internal import Domain

/// The texts of problems: title, advice and link.
extension ServerProblem {
    var title: String {
        switch kind {
        case .botLeft: "The bot has left this server"
        case .botNeverSeen: "The bot has never been seen"
        case .botOffline: "The bot is offline"
        case .botDegraded: "The bot does not work as it should"
        case .trackingOff: "Tracking is switched off"
        case .accountsSuspended, .accountsNotFound, .accountsPrivate, .accountsFailing:
            "\(CountText.text(count, "account")) \(accountStatus?.predicate(count) ?? "")"
        case .accountsSilent: "\(CountText.text(count, "account")) without new data"
        case .webhookMissing: "Alerts have nowhere to go"
        case .webhookFailing: "Messages do not reach the webhook"
        case .keysEnding: "\(CountText.text(count, "API key")) \(count == 1 ? "ends" : "end") within a week"
        case .keysUnused: "\(CountText.text(count, "API key")) not used for 30 days"
        case .listStale: "Your rights were not read from Discord lately"
        case .groupsEmpty: "\(CountText.text(count, "group")) without accounts"
        }
    }

    var advice: String {
        switch kind {
        case .botLeft: "What it collected stays readable. Invite it again to go on."
        case .botNeverSeen: "No heartbeat has arrived yet. Start the bot, and check that it may write here."
        case .botOffline: "No heartbeat came for more than 90 seconds. Look whether it runs, and at its log."
        case .botDegraded: "It says so itself, some shards are down, or Discord answers it slowly. Look at its log."
        case .trackingOff: "Nothing new is collected until it is switched on in the settings."
        case .accountsSuspended, .accountsNotFound, .accountsPrivate, .accountsFailing: accountStatus?.advice ?? ""
        case .accountsSilent: "Active, but for more than 3 days nothing new came."
        case .webhookMissing: "Alerts or notices are on, but no webhook is set. Add one, or switch them off."
        case .webhookFailing: "The last one was given up. Copy the webhook's address in Discord anew and save it here."
        case .keysEnding: "Another took its place. Check that the bot has the new one."
        case .keysUnused: "Revoke what nobody needs: a key that is forgotten can be stolen unnoticed."
        case .listStale: "Sign out and in again, so that your servers and rights are read anew."
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
        case .keysEnding, .keysUnused: PagePath.apiKeys.link(guild)
        case .listStale: PagePath.profile.link()
        case .groupsEmpty: PagePath.brands.link(guild)
        }
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

    /// The bot's state to which the problem belongs, if any.
    var botState: BotState? {
        switch kind {
        case .botNeverSeen: .unknown
        case .botOffline: .offline
        case .botDegraded: .degraded
        default: nil
        }
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
        case .notFound: count == 1 ? "is gone" : "are gone"
        case .error: "could not be read"
        case .active, .paused, .private, .suspended: "\(count == 1 ? "is" : "are") \(rawValue)"
        }
    }

    /// The effect on the data, and the remedy.
    var advice: String {
        switch self {
        case .active: "The bot reads new posts and numbers."
        case .paused: "The bot does not read anything until somebody resumes it."
        case .private: "The bot cannot read new posts. Ask the creator to make the account public again."
        case .suspended: "The platform has closed the account; there is nothing to read."
        case .notFound: "The platform does not know the handle any more: renamed or deleted."
        case .error: "The bot could not read it the last time; it tries again."
        }
    }
}
