internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The servers of a person: with the bot, and without it.
enum ServersPage {
    /// Servers on a page, of those with the bot and of those without it; so many stay below 100 KB.
    private static let most = 60
    private static let page = QueryParameter<Int>.integer("page", 1...1_000, "The page of the list; default: 1")

    /// The shown part of both lists.
    struct Part: Sendable {
        let page: Int
        let servers: ArraySlice<GuildList.Server>
        let candidates: ArraySlice<GuildList.Candidate>
        let serverCount: Int
        let candidateCount: Int
        let isLast: Bool

        init(_ page: Int, of servers: [GuildList.Server], _ candidates: [GuildList.Candidate], most: Int) {
            let start = (page - 1) * most
            self.page = page
            self.servers = servers.dropFirst(start).prefix(most)
            self.candidates = candidates.dropFirst(start).prefix(most)
            serverCount = servers.count
            candidateCount = candidates.count
            isLast = max(servers.count, candidates.count) <= start + most
        }
    }

    static let endpoint = Endpoint.signedIn(.get, PagePath.servers, .page, "Your servers", .html) { call, session in
        let list = try await GuildList.read(of: session.user, call.database)
        // A token may allow fewer guilds than its user has.
        let servers = list.servers.filter { session.memberships[$0.guild] != nil }
        let frame = Frame(call)
        let application = call.world.settings.isDemo ? nil : call.world.settings.application
        let part = Part(try call.query(page) ?? 1, of: servers, list.candidates, most: most)
        return .page(PagePlace(title: "Servers", section: .servers), frame) { html in
            write(list, part, application, frame, to: &html)
        }
    }.takes([page.description])

    static func write(
        _ list: GuildList, _ part: Part, _ application: DiscordApplication?, _ frame: Frame, to html: inout HTML
    ) {
        html.pageHeader(
            "Servers", lead: { $0.text("Servers you can open.") },
            count: NumberText.grouped(part.serverCount))
        html.sourceNotice(list, frame.clock)
        if part.serverCount == 0 {
            html.listCard { html in
                html.emptyState(.servers, "No servers yet") { html in
                    html.text(
                        """
                        Either the bot is in none of your servers, or their admins have not opened the data to members. \
                        If you manage a server, invite the bot; if not, ask an admin for access.
                        """)
                }
            }
        } else {
            html.ul(.class("servers")) { html in
                for server in part.servers { html.serverCard(server, application, frame) }
            }
        }
        if !part.candidates.isEmpty { html.candidates(list, part, application, frame.clock) }
        guard part.page > 1 || !part.isLast else { return }
        html.div(.class("card")) { html in
            let link = PagePath.servers.link()
            html.paging(
                "Showing \(part.servers.count) of \(CountText.text(part.serverCount, "server")), page \(part.page)",
                first: part.page > 1 ? link : nil,
                previous: part.page > 1 ? link.asking([("page", "\(part.page - 1)")]) : nil,
                next: part.isLast ? nil : link.asking([("page", "\(part.page + 1)")]))
        }
    }
}

extension HTML {
    /// The reason why the list from Discord is outdated, if it is.
    fileprivate mutating func sourceNotice(_ list: GuildList, _ clock: PageClock) {
        let reason: String
        switch list.source {
        case .current, .unread: return
        case .rateLimited: reason = "Discord asks us to wait."
        case .unavailable: reason = "Discord is unreachable at the moment."
        case .revoked: reason = "Discord no longer lets us read your servers. Sign in again to allow it."
        }
        notice(.warn) { html in
            html.strong(text: reason)
            guard let time = list.readAt else { return }
            html.text(" You see your server list from ")
            html.time(time, clock)
            html.text("; a server that you joined since then is missing.")
        }
    }

    fileprivate mutating func serverCard(_ server: GuildList.Server, _ application: DiscordApplication?, _ frame: Frame)
    {
        li(.class("card server")) { html in
            html.div(.class("title")) { html in
                html.avatar(server.name, DiscordImages.icon(of: server.guild, server.icon), .largeGuild)
                html.h2 { html in
                    html.a(.class("quiet"), .href(PagePath.overview.link(server.guild))) { $0.name(server.name) }
                }
            }
            html.div(.class("tags")) { html in
                html.tag(server.level.label)
                if let left = server.leftAt {
                    html.badge(.neutral, "Bot left on \(frame.clock.zone.day(of: left).short)")
                } else {
                    html.botBadge(frame.state)
                }
            }
            html.facts { html in
                html.countFact("Accounts", server.accountCount, PagePath.accounts.link(server.guild))
                html.countFact("Posts", server.postCount, PagePath.posts.link(server.guild))
            }
        }
    }

    private mutating func countFact(_ label: String, _ count: Int, _ link: Link) {
        fact(label) { html in html.a(.class("quiet"), .href(link)) { $0.number(count) } }
    }

    fileprivate mutating func candidates(
        _ list: GuildList, _ part: ServersPage.Part, _ application: DiscordApplication?, _ clock: PageClock
    ) {
        let title = CardTitle(
            "missing", "Servers without the bot", remark: NumberText.grouped(part.candidateCount))
        let footer: Content = { html in
            html.span(.class("muted")) { html in
                html.text("Server list updated from Discord")
                guard let time = list.readAt else { return html.text(".") }
                html.text(" ")
                html.time(time, clock)
                html.text(".")
            }
        }
        card(title, footer: footer) { html in
            html.rows { html in for guild in part.candidates { html.candidate(guild, application) } }
        }
    }

    private mutating func candidate(_ guild: GuildList.Candidate, _ application: DiscordApplication?) {
        li { html in
            html.avatar(guild.name, DiscordImages.icon(of: guild.guild, guild.icon))
            html.div(.class("grow")) { html in
                html.strong { $0.name(guild.name) }
                html.span(.class("sub"), text: "You can invite the bot")
            }
            guard let link = application?.invitation(to: guild.guild) else { return }
            html.button("Invite the bot", link, .small, about: "to \(guild.name)")
        }
    }
}
