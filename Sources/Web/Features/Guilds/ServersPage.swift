internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The servers of a person: with the bot, and without it.
enum ServersPage {
    static let endpoint = Endpoint.signedIn(.get, PagePath.servers, .page, "Your servers", .html) { call, session in
        let list = try await GuildList.read(of: session.user, call.database)
        // A token may allow fewer guilds than its user has.
        let servers = list.servers.filter { session.memberships[$0.guild] != nil }
        let frame = Frame(call)
        let application = call.world.settings.isDemo ? nil : call.world.settings.application
        return .page(PagePlace(title: "Servers", section: .servers), frame) { html in
            write(list, servers, application, frame, to: &html)
        }
    }

    static func write(
        _ list: GuildList, _ servers: [GuildList.Server], _ application: DiscordApplication?, _ frame: Frame,
        to html: inout HTML
    ) {
        html.pageHeader(
            "Servers", lead: { $0.text("Servers you can open.") },
            count: NumberText.grouped(servers.count))
        html.sourceNotice(list, frame.clock)
        if servers.isEmpty {
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
                for server in servers { html.serverCard(server, application, frame) }
            }
        }
        if !list.candidates.isEmpty { html.candidates(list, application, frame.clock) }
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

    fileprivate mutating func candidates(_ list: GuildList, _ application: DiscordApplication?, _ clock: PageClock) {
        let title = CardTitle(
            "missing", "Servers without the bot", remark: NumberText.grouped(list.candidates.count))
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
            html.rows { html in for guild in list.candidates { html.candidate(guild, application) } }
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
