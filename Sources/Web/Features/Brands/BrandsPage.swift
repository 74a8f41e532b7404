internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The brands of a guild, each with its groups.
enum BrandsPage {
    struct View: Sendable {
        let guild: GuildID
        let brands: [Brand]
        let groups: [BrandID: [AccountGroup]]
        let total: Int
        let address: ListAddress
        let done: Done?
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.brands, .page, needs: .viewer, "A server's brands and groups", .html
    ) { call, access in
        let paging = try Paging(call, in: access, most: 10)
        let frame = try await Frame.guild(call, access)
        let (page, groups, counts) = try await call.database.read(
            Brands.page(paging.slice), Brands.groups(ofPage: paging.slice), Guilds.counts, in: access)
        let address = ListAddress(PagePath.brands.link(access.guild), call, paging, page.ends)
        let view = View(
            guild: access.guild, brands: page.items, groups: groups, total: counts.brands, address: address,
            done: try call.query(Done.parameter))
        return .page(PagePlace(title: "Brands", item: .brands), frame) { write(view, frame, to: &$0) }
    }.takes([Done.parameter.description] + Paging.parameters)

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        let guild = view.guild
        html.pageHeader(
            "Brands", lead: { $0.text("Brands contain groups; groups contain accounts.") },
            count: NumberText.grouped(view.total)
        ) { html in
            guard frame.isAdmin else { return }
            html.button("New brand", PagePath.newBrand.link(guild), .primary, icon: .plus)
        }
        html.done(view.done)
        guard !view.brands.isEmpty else { return html.noBrands(guild, frame) }
        html.div(.class("stack"), .fixed("data-region", "list")) { html in
            for brand in view.brands { html.brand(brand, view.groups[brand.id] ?? [], guild, frame) }
            guard view.address.next != nil || view.address.first != nil else { return }
            html.div(.class("card")) { html in
                let shown = RowCount(exact: view.total).shown(
                    view.brands.count, after: view.address.rowsBefore, "brand", order: "by name")
                html.paging(shown, view.address)
            }
        }
    }
}

extension HTML {
    fileprivate mutating func noBrands(_ guild: GuildID, _ frame: Frame) {
        listCard { html in
            html.emptyState(.brands, "No brands yet") { html in
                guard frame.isAdmin else { return }
                html.button("Create the first brand", PagePath.newBrand.link(guild), icon: .plus)
            } text: { html in
                html.text(
                    """
                    A brand is a customer or a product line. Inside it are groups, and inside those the accounts that \
                    the bot follows.
                    """)
            }
        }
    }

    fileprivate mutating func brand(
        _ brand: Brand, _ groups: [AccountGroup], _ guild: GuildID, _ frame: Frame
    ) {
        let id = "brand-\(brand.id)"
        section(.class("card"), .text("aria-labelledby", id)) { html in
            html.header { html in
                html.div(.class("any")) { html in
                    html.h2(.text("id", id)) { $0.name(brand.name) }
                    html.span(.class("sub")) { html in
                        let link = PagePath.accounts.link(guild).asking([("brand", brand.id.description)])
                        html.a(.class("quiet"), .href(link), text: CountText.text(brand.accountCount, "account"))
                        html.text(" · ")
                        let posts = PagePath.posts.link(guild).asking([("brand", brand.id.description)])
                        html.a(.class("quiet"), .href(posts), text: CountText.text(brand.postCount, "post"))
                    }
                }
                if frame.isAdmin { html.brandActions(brand, guild) }
            }
            if groups.isEmpty {
                html.emptyState(.groups, "No group yet") { html in
                    guard frame.isAdmin else { return }
                    let link = PagePath.newGroup.link(guild).asking([("brand", brand.id.description)])
                    html.button("Create the first group", link, icon: .plus)
                } text: { html in
                    html.text("Groups contain the accounts, so add a group first.")
                }
            } else {
                let columns = [Column("Group"), Column("Accounts", "num"), Column("Posts", "num")]
                let actions = frame.isAdmin ? [Column("Actions", "num", isHidden: true)] : []
                html.listTable("Groups of \(brand.name)", columns + actions) { html in
                    for group in groups { html.groupRow(group, guild, frame) }
                }
            }
        }
    }

    private mutating func brandActions(_ brand: Brand, _ guild: GuildID) {
        div(.class("actions")) { html in
            let newGroup = PagePath.newGroup.link(guild).asking([("brand", brand.id.description)])
            html.button("New group", newGroup, .small, about: "in \(brand.name)")
            html.button("Edit", PagePath.editBrand.link(guild, brand.id), .small, about: brand.name)
            html.button("Delete", PagePath.deleteBrand.link(guild, brand.id), .smallDanger, about: brand.name)
        }
    }

    private mutating func groupRow(_ group: AccountGroup, _ guild: GuildID, _ frame: Frame) {
        let filter = [("group", Optional(group.id.description))]
        tr { html in
            html.rowHeading { html in
                html.a(.href(PagePath.accounts.link(guild).asking(filter))) { $0.name(group.name) }
            }
            html.cell("Accounts", "num") { html in
                html.a(.class("quiet"), .href(PagePath.accounts.link(guild).asking(filter))) { html in
                    html.number(group.accountCount)
                }
            }
            html.cell("Posts", "num") { html in
                html.a(.class("quiet"), .href(PagePath.posts.link(guild).asking(filter))) { $0.number(group.postCount) }
            }
            guard frame.isAdmin else { return }
            html.cell("", "num bare") { html in
                html.button("Edit", PagePath.editGroup.link(guild, group.id), .small, about: group.name)
            }
        }
    }
}
