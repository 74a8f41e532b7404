internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The posts of a guild's accounts.
enum PostsPage {
    struct View: Sendable {
        let guild: GuildID
        let query: PostQuery
        let posts: Posts.Page
        let count: RowCount
        let groups: [GroupChoice]
        let address: ListAddress

        /// The error of the first day; nil if the days are in order.
        var fault: String? { CalendarDay.fault(from: query.filter.from, to: query.filter.to) }

        /// The name of the filtered account.
        ///
        /// The filter has only its id.
        var accountName: String {
            guard posts.count > 0 else { return "The chosen account" }
            return unsafe "@" + posts[0].handle.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.posts, .page, needs: .viewer, "A server's posts", .html
    ) { call, access in
        let query = try PostQuery(call)
        let paging = try Paging(call, in: access, most: 80)
        let frame = try await Frame.guild(call, access)
        let (posts, count, groups) = try await call.database.read(
            query.page(paging.slice), query.count(), AccountGroups.choices, in: access)
        let address = ListAddress(PagePath.posts.link(access.guild), call, paging, posts.ends)
        let view = View(guild: access.guild, query: query, posts: posts, count: count, groups: groups, address: address)
        var response = Response.page(PagePlace(title: "Posts", item: .posts), frame, capacity: 65_536) {
            write(view, frame, to: &$0)
        }
        if view.fault != nil { response.status = 422 }
        return response
    }.takes(PostQuery.parameters + Paging.parameters)

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader("Posts", count: view.count.text)
        html.postFilters(view)
        html.listCard { html in
            guard view.fault == nil else { return html.wrongFilter(view.address.page) }
            guard view.posts.count > 0 else { return html.noPosts(view, frame) }
            html.listTable("Posts", columns(view)) { html in
                for index in 0..<view.posts.count {
                    html.postRow(view.posts[index], view.guild, frame.clock, showsAccount: true)
                }
            }
            html.paging(
                view.count.shown(view.posts.count, after: view.address.rowsBefore, "post", order: view.query.words),
                view.address)
        }
    }

    private static func columns(_ view: View) -> [Column] {
        func sorted(_ label: String, _ sort: PostSort) -> Column {
            let order = view.query.sort == sort ? view.query.direction : nil
            return Column(label, "num", sorting: view.address.sorted(by: sort, turning: order), order: order)
        }
        return [
            Column("Post"), Column("Account", "any"), sorted("Posted", .postedAt), sorted("Views", .views),
            Column("Likes", "num"), Column("Comments", "num"), Column("Shares", "num"), Column("Engagement", "num"),
        ]
    }
}

extension PostQuery {
    fileprivate var words: String {
        switch sort {
        case .postedAt: direction == .ascending ? "oldest first" : "newest first"
        case .views: direction == .ascending ? "least viewed first" : "most viewed first"
        }
    }
}

extension HTML {
    fileprivate mutating func postFilters(_ view: PostsPage.View) {
        let (filter, address) = (view.query.filter, view.address)
        let rare: Content = { html in
            html.choiceField(
                "group", "Group", [Choice("", "All groups")] + view.groups.groups(of: filter.brand, and: filter.group),
                selected: filter.group?.description)
            html.field("from", "From", type: "date", value: filter.from?.iso8601, fault: view.fault)
            html.field("to", "To", type: "date", value: filter.to?.iso8601)
            html.field(
                "minViews", "Minimum views", type: "number", value: filter.minViews.map(String.init),
                .integer("min", 0), .integer("step", 1), .fixed("inputmode", "numeric"))
        }
        let isExtraOpen = filter.group != nil || filter.from != nil || filter.to != nil || filter.minViews != nil
        filters(FilterBar(page: address.page, isSet: address.isFiltered), extra: rare, isExtraOpen: isExtraOpen) {
            html in
            html.searchField("Caption or handle", filter.text)
            if let account = filter.account {
                let choices = [Choice("", "All accounts"), Choice(account.description, view.accountName)]
                html.choiceField("account", "Account", choices, selected: account.description)
            }
            html.choiceField(
                "brand", "Brand", [Choice("", "All brands")] + view.groups.brands, selected: filter.brand?.description,
                clears: "group")
            html.choiceField("platform", "Platform", .platforms, selected: filter.platform?.rawValue)
            html.choiceField(
                "sort", "Sort", [Choice("postedAt", "Newest"), Choice("views", "Most views")],
                selected: view.query.sort.rawValue, clears: "order")
            html.sortOrder(address)
        }
    }

    fileprivate mutating func noPosts(_ view: PostsPage.View, _ frame: Frame) {
        if view.address.isFiltered || view.address.first != nil {
            emptyState(.search, "No matching posts") { html in
                html.button("Clear the filters", view.address.page)
            } text: { html in
                html.text("Try fewer filters.")
            }
        } else {
            emptyState(.posts, "No posts yet") { html in
                html.text("The bot has not reported a post of this server’s accounts. ")
                html.text(
                    frame.state == .online || frame.state == .degraded
                        ? "New ones appear after its next check." : "New ones appear when it is back.")
            }
        }
    }
}

extension [Choice] {
    static let platforms = [Choice("", "All platforms")] + Platform.allCases.map { Choice($0.rawValue, $0.label) }
}
