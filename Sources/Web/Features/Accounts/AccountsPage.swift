internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The tracked accounts of a guild.
enum AccountsPage {
    struct View: Sendable {
        let guild: GuildID
        let query: AccountQuery
        let accounts: [Account]
        let count: RowCount
        let groups: [GroupChoice]
        let address: ListAddress
        let done: Done?
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.accounts, .page, needs: .viewer, "A server's accounts", .html
    ) { call, access in
        let query = try AccountQuery(call)
        let paging = try Paging(call, in: access, most: 45)
        let frame = try await Frame.guild(call, access)
        let (page, count, groups) = try await call.database.read(
            query.page(paging.slice), query.count(), AccountGroups.choices, in: access)
        let address = ListAddress(PagePath.accounts.link(access.guild), call, paging, page.ends)
        let view = View(
            guild: access.guild, query: query, accounts: page.items, count: count, groups: groups, address: address,
            done: try call.query(Done.parameter))
        return .page(PagePlace(title: "Accounts", item: .accounts), frame, capacity: 65_536) {
            write(view, frame, to: &$0)
        }
    }.takes([Done.parameter.description] + AccountQuery.parameters + Paging.parameters)

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        let guild = view.guild
        html.pageHeader("Accounts", count: view.count.text) { html in
            guard frame.isAdmin else { return }
            let group = view.query.filter.group?.description
            html.button(
                "New account", PagePath.newAccount.link(guild).asking([("group", group)]), .primary, icon: .plus)
        }
        html.done(view.done)
        html.accountFilters(view)
        html.listCard { html in
            guard !view.accounts.isEmpty else { return html.noAccounts(view, guild, frame) }
            html.listTable("Accounts", columns(view)) { html in
                for account in view.accounts { html.accountRow(account, guild, frame.clock) }
            }
            html.paging(
                view.count.shown(
                    view.accounts.count, after: view.address.rowsBefore, "account", order: view.query.words),
                view.address)
        }
    }

    private static func columns(_ view: View) -> [Column] {
        func sorted(_ label: String, _ kind: StaticString?, _ sort: AccountSort) -> Column {
            let order = view.query.sort == sort ? view.query.direction : nil
            return Column(label, kind, sorting: view.address.sorted(by: sort, turning: order), order: order)
        }
        return [
            sorted("Account", nil, .handle), Column("Platform"), Column("Status"), Column("Brand and group", "any"),
            sorted("Followers", "num", .followers), Column("Posts", "num"), sorted("Last post", "num", .lastPostAt),
            sorted("Added", "num wide", .createdAt),
        ]
    }
}

extension AccountQuery {
    fileprivate var words: String {
        switch sort {
        case .handle: isReversed ? "by handle from Z" : "by handle"
        case .followers: isReversed ? "fewest followers first" : "most followers first"
        case .lastPostAt: isReversed ? "oldest last post first" : "latest post first"
        case .createdAt: isReversed ? "oldest first" : "newest first"
        }
    }
}

extension AccountSort {
    fileprivate var label: String {
        switch self {
        case .handle: "Handle"
        case .followers: "Followers"
        case .lastPostAt: "Last post"
        case .createdAt: "Added"
        }
    }
}

extension HTML {
    fileprivate mutating func accountFilters(_ view: AccountsPage.View) {
        let filter = view.query.filter
        let statuses = [Choice("", "Any status")] + AccountStatus.allCases.map { Choice($0.rawValue, $0.label) }
        filters(FilterBar(page: view.address.page, isSet: view.address.isFiltered)) { html in
            html.searchField("Handle or name", filter.text)
            html.choiceField(
                "brand", "Brand", [Choice("", "All brands")] + view.groups.brands, selected: filter.brand?.description,
                clears: "group")
            html.choiceField(
                "group", "Group", [Choice("", "All groups")] + view.groups.groups(of: filter.brand, and: filter.group),
                selected: filter.group?.description)
            html.choiceField("platform", "Platform", .platforms, selected: filter.platform?.rawValue)
            html.choiceField("status", "Status", statuses, selected: filter.status?.rawValue)
            html.choiceField(
                "sort", "Sort", AccountSort.allCases.map { Choice($0.rawValue, $0.label) },
                selected: view.query.sort.rawValue, clears: "order")
            html.sortOrder(view.address)
        }
    }

    fileprivate mutating func noAccounts(_ view: AccountsPage.View, _ guild: GuildID, _ frame: Frame) {
        if view.address.isFiltered || view.address.first != nil {
            emptyState(.search, "No matching accounts") { html in
                html.button("Clear the filters", view.address.page)
            } text: { html in
                html.text("Try fewer filters.")
            }
        } else {
            emptyState(.accounts, "No accounts yet") { html in
                guard frame.isAdmin else { return }
                html.button("Add the first account", PagePath.newAccount.link(guild), icon: .plus)
            } text: { html in
                html.text("Add accounts to track. Numbers appear after the bot's next check.")
            }
        }
    }
}
