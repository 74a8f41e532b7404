internal import Domain
internal import Persistence

extension HTML {
    /// What somebody should look at: accounts that are not active, accounts without new data, groups without accounts.
    mutating func attention(_ overview: GuildOverview, _ clock: PageClock) {
        let guild = overview.profile.guild
        let statuses = AccountStatus.needingAttention.filter { overview.counts.accounts(being: $0) > 0 }
        let count =
            statuses.count + (overview.silentAccounts.total > 0 ? 1 : 0) + (overview.emptyGroups.total > 0 ? 1 : 0)
        let remark = count == 0 ? nil : CountText.text(count, "matter")
        card(CardTitle("attention", "Needs attention", remark: remark)) { html in
            guard count > 0 else {
                return html.emptyState(.ok, "Nothing needs you") { html in
                    html.text("Every account can be read and has new data, and no group is empty.")
                }
            }
            html.rows { html in
                for status in statuses { html.attention(to: status, overview, clock) }
                if overview.silentAccounts.total > 0 { html.silence(overview.silentAccounts, guild, clock) }
                if overview.emptyGroups.total > 0 { html.emptyGroups(overview.emptyGroups, guild) }
            }
        }
    }

    private mutating func attention(to status: AccountStatus, _ overview: GuildOverview, _ clock: PageClock) {
        let guild = overview.profile.guild
        let count = overview.counts.accounts(being: status)
        let tone = Tone(status)
        let latest = overview.inactiveAccounts.items.filter { $0.status == status }.prefix(2)
        row(tone, tone == .bad ? .bad : .warning) { html in
            html.text(status.advice)
            for account in latest {
                html.text(" ")
                html.a(.href(PagePath.account.link(guild, account.id))) { $0.name("@\(account.handle)") }
                html.text(", ")
                html.time(account.since, clock)
                html.text(".")
            }
        } title: { html in
            let link = PagePath.accounts.link(guild).asking([("status", status.rawValue)])
            html.a(.href(link), text: "\(CountText.text(count, "account")) \(status.predicate(count))")
        }
    }

    private mutating func silence(_ silent: Excerpt<Accounts.Silent>, _ guild: GuildID, _ clock: PageClock) {
        row(.warn, .clock) { html in
            html.text("They are active, but for more than 3 days nothing new came.")
            for account in silent.items.prefix(3) {
                html.text(" ")
                html.a(.href(PagePath.account.link(guild, account.id))) { $0.name("@\(account.handle)") }
                html.text(account.lastDataAt == nil ? " never had data." : ".")
            }
        } title: { html in
            html.strong(text: "\(CountText.text(silent.total, "account")) without new data")
        }
    }

    private mutating func emptyGroups(_ groups: Excerpt<AccountGroups.Empty>, _ guild: GuildID) {
        row(.neutral, .groups) { html in
            for (index, group) in groups.items.prefix(3).enumerated() {
                if index > 0 { html.text(", ") }
                html.name("\(group.brandName): \(group.name)")
            }
            if groups.total > 3 { html.text(" and \(NumberText.grouped(groups.total - 3)) more") }
        } title: { html in
            let words = "\(CountText.text(groups.total, "group")) without accounts"
            html.a(.href(PagePath.brands.link(guild)), text: words)
        }
    }

    /// What to do while there is no account.
    mutating func firstSteps(_ counts: Guilds.Counts, _ guild: GuildID) {
        card(CardTitle("first-steps", "First steps")) { html in
            html.rows { html in
                html.row(.neutral, .status) { html in
                    html.text("It sends a heartbeat every 30 seconds and the numbers it collects.")
                } title: {
                    $0.strong(text: "Connect the bot")
                }
                html.row(.neutral, .brands) { html in
                    html.text("Accounts are kept in groups of a brand.")
                } title: {
                    $0.a(.href(PagePath.brands.link(guild)), text: "Add a brand and a group")
                }
                html.row(.neutral, .accounts) { html in
                    html.text("The numbers of an account appear after the bot’s next check.")
                } title: {
                    $0.a(.href(PagePath.accounts.link(guild)), text: "Add accounts")
                }
            }
        }
    }
}

extension AccountStatus {
    /// Those that somebody did not choose, the worst first.
    static let needingAttention: [AccountStatus] = [.suspended, .notFound, .private, .error]

    /// As in `17 accounts are private`.
    fileprivate func predicate(_ count: Int) -> String {
        switch self {
        case .notFound: count == 1 ? "is gone" : "are gone"
        case .error: "could not be read"
        case .active, .paused, .private, .suspended: "\(count == 1 ? "is" : "are") \(rawValue)"
        }
    }

    /// What it means for the data, and what helps.
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
