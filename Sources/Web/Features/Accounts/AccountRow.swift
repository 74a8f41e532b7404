internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

extension HTML {
    mutating func accountRow(_ account: Account, _ guild: GuildID, _ clock: PageClock) {
        tr { html in
            html.rowHeading { html in
                html.a(.href(PagePath.account.link(guild, account.id))) { $0.name("@\(account.handle)") }
                if !account.displayName.isEmpty { html.span(.class("sub")) { $0.text(account.displayName) } }
            }
            html.cell("Platform") { $0.platform(account.platform) }
            html.cell("Status") { $0.badge(account.status) }
            html.cell("Brand and group", "any full") { html in
                let list = PagePath.accounts.link(guild)
                html.a(.class("quiet"), .href(list.asking([("brand", account.brand.description)]))) { html in
                    html.name(account.brandName)
                }
                html.span(.class("sub")) { html in
                    html.a(.class("quiet"), .href(list.asking([("group", account.group.description)]))) { html in
                        html.name(account.groupName)
                    }
                }
            }
            html.cell("Followers", "num") { $0.number(account.followers) }
            html.cell("Posts", "num") { $0.postCount(of: account, guild) }
            html.cell("Last post", "num") { html in
                if let time = account.lastPostAt { html.time(time, clock) } else { html.none("none yet") }
            }
            html.cell("Added", "num wide") { $0.time(account.createdAt, clock) }
        }
    }

    mutating func postCount(of account: Account, _ guild: GuildID) {
        guard account.postCount > 0 else {
            return span(.text("title", "The bot has not reported a post of this account yet"), text: "0")
        }
        let link = PagePath.posts.link(guild).asking([("account", account.id.description)])
        a(.class("quiet"), .href(link)) { $0.number(account.postCount) }
    }

    /// The reason why there is no value.
    mutating func none(_ words: String) { span(.class("muted"), text: words) }
}
