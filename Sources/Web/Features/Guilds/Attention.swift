internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    /// The problems of the server, the worst first.
    mutating func attention(_ problems: [ServerProblem], _ overview: GuildOverview, _ clock: PageClock) {
        let remark = problems.isEmpty ? nil : CountText.text(problems.count, "issue")
        card(CardTitle("attention", "Needs attention", remark: remark)) { html in
            guard !problems.isEmpty else {
                return html.emptyState(.ok, "All clear") { html in
                    html.text("Every account can be read and has new data, and no group is empty.")
                }
            }
            html.rows { html in
                for problem in problems { html.attention(to: problem, overview, clock) }
            }
        }
    }

    /// A problem of the bot is on the page only if it was there when the page was made.
    private mutating func attention(to problem: ServerProblem, _ overview: GuildOverview, _ clock: PageClock) {
        let guild = overview.profile.guild
        row(problem.tone, problem.icon, while: problem.conditions) { html in
            html.text(problem.advice)
            switch problem.kind {
            case .accountsSilent: html.silence(overview.silentAccounts, guild)
            case .groupsEmpty: html.emptyGroups(overview.emptyGroups)
            default: html.latest(problem.accountStatus, overview, clock)
            }
        } title: { html in
            html.a(.href(problem.link(in: guild)), text: problem.title)
        }
    }

    /// The latest accounts that entered this status.
    private mutating func latest(_ status: AccountStatus?, _ overview: GuildOverview, _ clock: PageClock) {
        for account in overview.inactiveAccounts.items.filter({ $0.status == status }).prefix(2) {
            text(" ")
            a(.href(PagePath.account.link(overview.profile.guild, account.id))) { $0.name("@\(account.handle)") }
            text(", ")
            time(account.since, clock)
            text(".")
        }
    }

    private mutating func silence(_ silent: Excerpt<Accounts.Silent>, _ guild: GuildID) {
        for account in silent.items.prefix(3) {
            text(" ")
            a(.href(PagePath.account.link(guild, account.id))) { $0.name("@\(account.handle)") }
            text(account.lastDataAt == nil ? " never had data." : ".")
        }
    }

    private mutating func emptyGroups(_ groups: Excerpt<AccountGroups.Empty>) {
        for (index, group) in groups.items.prefix(3).enumerated() {
            text(index > 0 ? ", " : " ")
            name("\(group.brandName): \(group.name)")
        }
        if groups.total > 3 { text(" and \(NumberText.grouped(groups.total - 3)) more") }
    }

    /// Setup steps for a server without accounts.
    mutating func firstSteps(_ counts: GuildCounts, _ guild: GuildID) {
        card(CardTitle("first-steps", "First steps")) { html in
            html.rows { html in
                html.row(.neutral, .status) { html in
                    html.text("It reports every 30 seconds that it is running, and the numbers it collects.")
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
