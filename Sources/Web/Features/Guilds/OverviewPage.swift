internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The first page of a guild: the bot's state, problems, news, and links to the other pages.
enum OverviewPage {
    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.overview, .page, needs: .viewer, "A server's overview", .html) { call, access in
            let frame = try await Frame.guild(call, access)
            guard let overview = try await GuildOverview.read(in: access, call.database) else {
                throw Rejection.notFound
            }
            let problems = overview.problems.problems(call.world.live.latest)
                .filter { access.level == .admin || $0.kind.isForViewers }
            let status = frame.status ?? BotStatus(asOf: frame.clock.now)
            let history = try await call.world.uptime.read(with: status, call.database)
            return .page(PagePlace(title: "Overview", item: .overview), frame) { html in
                write(overview, problems, frame, to: &html)
                html.uptime(history, frame.clock, incidentsMore: PagePath.guildStatus.link(access.guild))
            }
        },
        .guild(.get, PagePath.tracking, .page, needs: .viewer, "A server's tracking pages", .redirect()) { _, access in
            .seeOther(PagePath.accounts.link(access.guild))
        },
    ]

    static func write(_ overview: GuildOverview, _ problems: [ServerProblem], _ frame: Frame, to html: inout HTML) {
        let guild = overview.profile.guild
        html.pageHeader(overview.profile.name)
        if let left = overview.profile.leftAt {
            html.notice(nil) { html in
                html.strong(text: "The bot left this server.")
                html.text(" That was ")
                html.time(left, frame.clock)
                html.text(". Existing data stays readable; no new data is collected.")
            }
        }
        html.botCard(frame, overview.queue)
        guard overview.counts.accountCount > 0 else {
            html.firstSteps(overview.counts, guild)
            if !problems.isEmpty { html.attention(problems, overview, frame.clock) }
            return
        }
        html.section(.fixed("aria-labelledby", "now"), .class("stack"), .fixed("data-live", "now")) { html in
            html.h2(.id("now"), .class("visually-hidden"), text: "What needs attention, and what is new")
            html.columns(wideLeft: true) { html in
                html.attention(problems, overview, frame.clock)
                html.topPosts(overview.topPosts, guild)
            }
            html.activity(overview, frame.clock)
        }
        html.live("tallies") { html in
            html.columns { html in
                html.accountsByPlatform(overview.counts, guild)
                html.accountsByStatus(overview.counts, guild)
            }
        }
    }
}

extension HTML {
    fileprivate mutating func activity(_ overview: GuildOverview, _ clock: PageClock) {
        let (activity, counts, guild) = (overview.activity, overview.counts, overview.profile.guild)
        stats { html in
            html.stat("New posts", note: "today and yesterday") { html in
                let since = PagePath.posts.link(guild).asking([("from", clock.today.adding(days: -1).iso8601)])
                html.a(.href(since)) { $0.number(activity.postsSinceYesterday) }
            }
            let change = ChangeText(activity.views, before: activity.viewsBefore)
            html.stat("New views", note: "in 7 days, by posts of 14 days, \(change.text)", tone: change.tone) { html in
                html.number(activity.views)
            }
            html.stat("Accounts", note: "in \(CountText.text(counts.groups, "group"))") { html in
                html.a(.href(PagePath.accounts.link(guild))) { $0.number(counts.accountCount) }
            }
            html.stat("Posts", note: "since tracking began") { html in
                html.a(.href(PagePath.posts.link(guild))) { $0.number(counts.postCount) }
            }
        }
    }

    fileprivate mutating func accountsByPlatform(_ counts: GuildCounts, _ guild: GuildID) {
        let shares = Platform.allCases.map { ($0, counts.accounts(on: $0)) }.filter { $0.1 > 0 }
            .sorted { $0.1 > $1.1 }
        let remark = CountText.text(counts.accountCount, "account")
        card(CardTitle("platforms", "Accounts by platform", remark: remark)) { html in
            html.tally { html in
                for (platform, count) in shares {
                    let link = PagePath.accounts.link(guild).asking([("platform", platform.rawValue)])
                    html.tallyLine(count, of: shares[0].1, "accounts", link) { $0.platform(platform) }
                }
            }
        }
    }

    fileprivate mutating func accountsByStatus(_ counts: GuildCounts, _ guild: GuildID) {
        let shares = AccountStatus.allCases.map { ($0, counts.accounts(being: $0)) }.filter { $0.1 > 0 }
        let most = shares.map(\.1).max() ?? 1
        card(CardTitle("statuses", "Accounts by status")) { html in
            html.tally { html in
                for (status, count) in shares {
                    let link = PagePath.accounts.link(guild).asking([("status", status.rawValue)])
                    html.tallyLine(count, of: most, "accounts", link) { $0.badge(status) }
                }
            }
        }
    }
}

/// A change of a number, as text.
struct ChangeText: Sendable {
    let text: String
    let tone: StaticString?

    init(_ value: Int64, before: Int64) {
        guard before > 0 else {
            text = value > 0 ? "no earlier data" : "none yet"
            tone = nil
            return
        }
        let change = Double(value.saturatingSubtract(before)) / Double(before)
        let percent = NumberText.percent(change.magnitude)
        text = value == before ? "unchanged" : "\(value > before ? "+" : "−") \(percent) vs. previous 7 days"
        tone = value == before ? nil : value > before ? "up" : "down"
    }
}
