internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    mutating func sideNavigation(_ place: PagePlace, _ frame: Frame) {
        markup("<header class=\"side\"><div class=\"side-stick\">\n<a class=\"brand\" href=\"/\">")
        logo()
        markup("Tracking Dashboard</a>\n<details class=\"fold\"><summary>")
        icon(.menu)
        markup("Menu</summary></details>\n<div class=\"side-body\">")
        if let here = frame.place { switcher(here, frame) }
        nav(.class("nav"), .fixed("aria-label", "Main")) { html in
            if let here = frame.place {
                html.guildNavigation(here, place.item)
            } else {
                html.generalNavigation(place)
            }
        }
        markup("\n<div class=\"side-end\">")
        themeSwitch(frame)
        userMenu(frame)
        markup("</div></div>\n</div></header>")
    }

    /// Switches between servers.
    ///
    /// The menu is short and ends with the page of all servers.
    private mutating func switcher(_ here: Frame.Place, _ frame: Frame) {
        details(.class("switcher")) { html in
            html.summary { html in
                html.avatar(here.server.name, DiscordImages.icon(of: here.server.guild, here.server.icon))
                html.span(.class("who")) { html in
                    html.strong(.text("title", here.server.name)) { $0.name(here.server.name) }
                    let count = CountText.text(frame.servers.count, "server")
                    html.span(text: "\(here.level.label) · \(count)")
                }
                html.chevron()
            }
            html.ul(.class("menu")) { html in
                for server in frame.servers.filter({ $0.guild != here.server.guild }).prefix(20) {
                    html.switcherEntry(server)
                }
                html.li { html in
                    html.a(.href(PagePath.servers.link())) { html in
                        html.icon(.servers)
                        html.text("All servers")
                    }
                }
            }
        }
    }

    private mutating func switcherEntry(_ server: Frame.Server) {
        li { html in
            html.a(.href(PagePath.overview.link(server.guild))) { html in
                html.avatar(server.name, DiscordImages.icon(of: server.guild, server.icon))
                html.span(.class("who")) { html in html.strong { $0.name(server.name) } }
            }
        }
    }

    private mutating func guildNavigation(_ here: Frame.Place, _ current: NavigationItem?) {
        for group in NavigationItem.groups {
            h2(text: group.title.description)
            ul { html in
                for item in group.items where here.menu.contains(item) {
                    html.navigationLink(
                        item.label, item.icon, item.key, item.link(in: here.server.guild), item == current)
                }
            }
        }
    }

    private mutating func generalNavigation(_ place: PagePlace) {
        ul { html in
            html.navigationLink("Servers", .servers, "v", PagePath.servers.link(), place.section == .servers)
            html.navigationLink("Your account", .user, "c", PagePath.profile.link(), place.section == .profile)
            html.navigationLink("Bot status", .status, "t", PagePath.status.link(), false)
        }
    }

    private mutating func navigationLink(
        _ label: String, _ icon: Icon, _ key: StaticString, _ link: Link, _ isCurrent: Bool
    ) {
        li { html in
            html.a(.href(link), .fixed("data-key", key), .text("aria-current", isCurrent ? "page" : nil)) { html in
                html.icon(icon)
                html.text(label)
            }
        }
    }

    private mutating func userMenu(_ frame: Frame) {
        guard let person = frame.person else { return }
        details(.class("user")) { html in
            html.summary { html in
                html.avatar(person.name, nil, .person)
                html.span(.class("who")) { html in html.strong { $0.name(person.name) } }
                html.chevron()
            }
            html.ul(.class("menu")) { html in
                html.menuLink("Your account", .user, PagePath.profile.link())
                html.menuLink("Sessions", .device, PagePath.sessions.link())
                html.li { html in
                    html.form(.fixed("method", "post"), .action(PagePath.logout.link())) { html in
                        html.formToken(frame)
                        html.button { html in
                            html.icon(.signOut)
                            html.text("Sign out")
                        }
                    }
                }
            }
        }
    }

    private mutating func menuLink(_ label: String, _ icon: Icon, _ link: Link) {
        li { html in
            html.a(.href(link)) { html in
                html.icon(icon)
                html.text(label)
            }
        }
    }
}
