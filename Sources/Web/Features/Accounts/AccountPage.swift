internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// One account: its numbers over 90 days, and its newest posts.
enum AccountPage {
    static let endpoint = Endpoint.guild(
        .get, PagePath.account, .page, needs: .viewer, "An account", .html
    ) { call, access, id in
        let frame = try await Frame.guild(call, access)
        guard let detail = try await AccountDetail.read(id, in: access, call.database) else { throw Rejection.notFound }
        let place = PagePlace(
            title: "@\(detail.account.handle)", item: .accounts,
            crumbs: [Crumb(label: "Accounts", link: PagePath.accounts.link(access.guild))])
        let done = try call.query(Done.parameter)
        return .page(place, frame) { write(detail, done, access.guild, frame, to: &$0) }
    }.takes([Done.parameter.description])

    static func write(
        _ detail: AccountDetail, _ done: Done?, _ guild: GuildID, _ frame: Frame, to html: inout HTML
    ) {
        let (account, clock) = (detail.account, frame.clock)
        let series = AccountSeries(detail, clock)
        let lead: HTML.Content = { html in
            if !account.displayName.isEmpty {
                html.name(account.displayName)
                html.text(" · ")
            }
            html.text("added ")
            html.time(account.createdAt, clock)
        }
        html.pageHeader("@\(account.handle)", lead: lead) { html in
            if let link = account.url.flatMap({ OutsideLink($0) }) {
                html.button("Open on \(account.platform.label)", link)
            }
            guard frame.isAdmin else { return }
            html.trackingSwitch(account, guild, frame)
            html.button("Edit", PagePath.editAccount.link(guild, account.id))
            html.button("Delete", PagePath.deleteAccount.link(guild, account.id), .danger)
        }
        html.done(done)
        html.live("account") { html in
            html.statusNotice(account, clock)
            html.accountStats(account, series, guild, clock)
        }
        if series.isEmpty {
            html.card(CardTitle("history", "History")) { html in
                html.emptyState(.clock, "Waiting for the first measurement") { html in
                    html.text("Charts appear after the bot's first check.")
                }
            }
        } else {
            html.columns { html in
                html.figureCard { $0.lineChart(series.followers) }
                html.figureCard { $0.barChart(series.views) }
            }
        }
        html.live("details") { html in
            html.accountDetails(detail, guild, clock)
            html.latestPosts(detail, guild, clock)
        }
    }
}

extension HTML {
    fileprivate mutating func statusNotice(_ account: Account, _ clock: PageClock) {
        guard account.status != .active else { return }
        let tone = Tone(account.status)
        notice(tone == .neutral ? nil : tone) { html in
            html.strong { html in
                html.text("\(account.status.label) since ")
                html.time(account.statusSince, clock)
                html.text(".")
            }
            html.text(" \(account.status.advice) Numbers below are from before then.")
        }
    }

    fileprivate mutating func accountStats(
        _ account: Account, _ series: AccountSeries, _ guild: GuildID, _ clock: PageClock
    ) {
        stats { html in
            html.stat("Followers", note: series.followerNote, tone: series.followerTone) {
                $0.number(account.followers)
            }
            let change = ChangeText(series.viewsOfWeek, before: series.viewsOfWeekBefore)
            html.stat("New views in 7 days", note: "until yesterday, \(change.text)", tone: change.tone) {
                $0.number(series.viewsOfWeek)
            }
            html.stat("Posts", note: account.postCount == 0 ? "the bot has not reported one yet" : nil) { html in
                html.postCount(of: account, guild)
            }
            html.stat("Last post") { html in
                if let time = account.lastPostAt { html.time(time, clock) } else { html.none("none yet") }
            }
        }
    }

    fileprivate mutating func accountDetails(_ detail: AccountDetail, _ guild: GuildID, _ clock: PageClock) {
        let account = detail.account
        let list = PagePath.accounts.link(guild)
        bodyCard(CardTitle("details", "Details")) { html in
            html.facts { html in
                html.fact("Platform") { $0.platform(account.platform) }
                html.fact("Status") { $0.badge(account.status) }
                html.fact("Brand") { html in
                    html.a(.href(list.asking([("brand", account.brand.description)])), text: account.brandName)
                }
                html.fact("Group") { html in
                    html.a(.href(list.asking([("group", account.group.description)])), text: account.groupName)
                }
                html.fact("Last updated") { $0.time(detail.updatedAt, clock) }
                if let id = detail.externalID {
                    html.fact("Platform ID") { $0.span(.class("mono"), text: id) }
                }
            }
            if !detail.notes.isEmpty { html.p(text: detail.notes) }
        }
    }

    fileprivate mutating func latestPosts(_ detail: AccountDetail, _ guild: GuildID, _ clock: PageClock) {
        guard detail.posts.count > 0 else { return }
        let all = PagePath.posts.link(guild).asking([("account", detail.account.id.description)])
        let footer: Content = { html in
            html.a(
                .href(all),
                text: detail.account.postCount == 1
                    ? "View post" : "All \(CountText.text(detail.account.postCount, "post"))")
        }
        let columns = [
            Column("Post"), Column("Posted", "num"), Column("Views", "num"), Column("Likes", "num"),
            Column("Comments", "num"), Column("Shares", "num"), Column("Engagement", "num"),
        ]
        card(CardTitle("latest-posts", "Latest posts"), footer: footer) { html in
            html.listTable("Latest posts", columns) { html in
                for index in 0..<detail.posts.count {
                    html.postRow(detail.posts[index], guild, clock, showsAccount: false)
                }
            }
        }
    }
}
