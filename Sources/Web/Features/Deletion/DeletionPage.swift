internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The confirmation before a deletion, with the contents that would be deleted too.
enum DeletionPage {
    static let confirm = FormField("confirm", "Name", hint: "Type it exactly as shown.")

    static let endpoints: [Endpoint] =
        pages(PagePath.deleteBrand, "Whether to delete a brand", "Delete a brand") { .brand($0) }
        + pages(PagePath.deleteGroup, "Whether to delete an account group", "Delete an account group") { .group($0) }
        + pages(PagePath.deleteAccount, "Whether to delete an account", "Delete an account") { .account($0) }

    private static func pages<ID: PathPart>(
        _ path: Path<GuildID, ID>, _ question: StaticString, _ deed: StaticString,
        target: @escaping @Sendable (ID) -> Deletion.Target
    ) -> [Endpoint] {
        [
            .guild(.get, path, .page, needs: .admin, question, .html) { call, access, id in
                try await show(target(id), Form(), call, access)
            },
            .guild(.post, path, .page, needs: .admin, deed, .redirect()) { call, access, id in
                let form = try Form(call.request, [confirm])
                let target = target(id)
                return try await answer(to: form) {
                    try await show(target, $0, call, access)
                } _: {
                    // A form without the field was shown for an empty object, so only an empty one may be deleted.
                    let consent: Deletion.Consent =
                        form.has(confirm.name) ? .byTyping(form[confirm.name]) : .toNothingElse
                    try await Deletion.delete(
                        target, form.versions, consent, from: call.origin, in: access, call.database)
                    return target.list(in: access.guild).after(target.isDeleted)
                }
            },
        ]
    }

    private static func show(
        _ target: Deletion.Target, _ form: Form, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let contents = try await call.database.find(Deletion.contents(of: target), in: access)
        let name = contents.platform == nil ? contents.name : "@\(contents.name)"
        let place = PagePlace(
            title: "Delete \(name)", item: target.item,
            crumbs: [Crumb(label: target.item.label, link: target.list(in: access.guild))])
        var response = Response.page(place, frame) { html in
            html.pageHeader(place.title, lead: { $0.text("This cannot be undone.") })
            html.problems(of: form, [confirm], on: target.link(in: access.guild))
            html.deletion(of: target, contents, form, frame, in: access.guild)
        }
        response.status = form.status
        return response
    }
}

extension HTML {
    fileprivate mutating func deletion(
        of target: Deletion.Target, _ contents: Deletion.Contents, _ form: Form, _ frame: Frame, in guild: GuildID
    ) {
        let isEmpty = contents.obstacles.isEmpty
        bodyCard(CardTitle("lost", "What will be deleted")) { html in
            html.ul(.class("prose")) { html in
                html.li { html in
                    html.text("The \(target.noun) ")
                    html.strong { $0.name(contents.name) }
                    html.text(contents.platform.map { " on \($0.label)" } ?? "")
                }
                for obstacle in contents.obstacles { html.li(text: CountText.list([obstacle])) }
                if !isEmpty || contents.platform != nil { html.li(text: "All measurements: followers, views, likes") }
            }
            html.p(.class("small muted"), text: "The audit log records who deleted it and these counts.")
            html.form(.class("stack"), .fixed("method", "post"), .action(target.link(in: guild))) { html in
                if !isEmpty { html.confirmation(of: contents.name, form) }
                html.div(.class("actions")) { html in
                    html.button(
                        .class("button danger"), text: isEmpty ? "Delete the \(target.noun)" : "Delete permanently")
                    html.button("Cancel", target.origin(in: guild))
                }
                html.hidden(Form.version.name, String(contents.version))
                html.formToken(frame)
            }
        }
    }

    private mutating func confirmation(of name: String, _ form: Form) {
        p(text: "To confirm, type the name:")
        // `pre` shows all spaces of the name.
        pre { $0.name(name) }
        textField(DeletionPage.confirm, form, .fixed("spellcheck", "false"), .flag("required"))
    }
}

extension Deletion.Target {
    fileprivate var noun: String {
        switch self {
        case .brand: "brand"
        case .group: "group"
        case .account: "account"
        }
    }

    fileprivate var item: NavigationItem {
        if case .account = self { .accounts } else { .brands }
    }

    fileprivate var isDeleted: Done {
        switch self {
        case .brand: .brandDeleted
        case .group: .groupDeleted
        case .account: .accountDeleted
        }
    }

    fileprivate func list(in guild: GuildID) -> Link { item.link(in: guild) }

    fileprivate func link(in guild: GuildID) -> Link {
        switch self {
        case .brand(let id): PagePath.deleteBrand.link(guild, id)
        case .group(let id): PagePath.deleteGroup.link(guild, id)
        case .account(let id): PagePath.deleteAccount.link(guild, id)
        }
    }

    /// The page before this one.
    fileprivate func origin(in guild: GuildID) -> Link {
        switch self {
        case .brand, .group: PagePath.brands.link(guild)
        case .account(let id): PagePath.account.link(guild, id)
        }
    }
}
