internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The forms that add an account, change it and move it to another group.
enum AccountForms {
    static let platform = FormField("platform", "Platform")
    static let handle = FormField("handle", "Handle", hint: "Just the handle; the @ is optional.")
    static let group = FormField("groupId", "Group")
    static let displayName = FormField("displayName", "Display name", hint: "Optional.")
    static let url = FormField(
        "url", "Profile URL", hint: "Optional, for example https://…")
    static let status = FormField(
        "status", "Tracking", hint: "The bot skips paused accounts. Existing data is kept.")
    static let notes = FormField("notes", "Notes", hint: "Optional. Visible to everyone with access to this server.")
    private static let fields = [platform, handle, group, displayName, url, status, notes]

    private static let chosen = QueryParameter<AccountGroupID>.id("group", "The preselected group")

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.newAccount, .page, needs: .admin, "The form of a new account", .html) { call, access in
            let group = try call.query(chosen)?.description ?? ""
            return try await showNew(Form(["groupId": group, "status": Tracking.active.rawValue]), call, access)
        }.takes([chosen.description]),
        .guild(.post, PagePath.newAccount, .page, needs: .admin, "Add an account", .redirect()) { call, access in
            let form = try Form(call.request, fields)
            return try await answer(to: form) {
                try await showNew($0, call, access)
            } _: {
                let draft = try AccountJSON.readInput(json(form))
                let id = try await Accounts.add(draft, from: call.origin, in: access, call.database)
                return PagePath.account.link(access.guild, id).after(.accountAdded)
            }
        },
        .guild(.get, PagePath.editAccount, .page, needs: .admin, "The form of an account", .html) { call, access, id in
            try await showEdit(id, nil, call, access)
        },
        .guild(.post, PagePath.editAccount, .page, needs: .admin, "Change or move an account", .redirect()) {
            call, access, id in
            let form = try Form(call.request, fields)
            return try await answer(to: form) {
                try await showEdit(id, $0, call, access)
            } _: {
                let account = try await call.database.find(Accounts.one(id), in: access)
                let change = try AccountJSON.readChange(json(form, changing: account), on: account.platform)
                try await Accounts.change(id, form.versions, change, from: call.origin, in: access, call.database)
                return PagePath.account.link(access.guild, id).after(.accountSaved)
            }
        },
    ]

    private static func json(_ form: Form) -> JSONValue {
        form.json(
            ("platform", form.chosen("platform")), ("handle", form.text("handle")),
            ("groupId", form.chosen("groupId")), ("displayName", form.text("displayName")),
            ("url", form.textOrNull("url")), ("status", form.chosen("status")), ("notes", form.text("notes")))
    }

    /// Unchanged fields are left out, because an imported handle or address may not be valid input here.
    private static func json(_ form: Form, changing account: EditableAccount) -> JSONValue {
        let hasHandle = form["handle"].hasSameBytes(as: account.handle)
        let hasAddress = form["url"].hasSameBytes(as: account.url ?? "")
        return form.json(
            ("handle", hasHandle ? nil : form.text("handle")), ("groupId", form.chosen("groupId")),
            ("displayName", form.text("displayName")), ("url", hasAddress ? nil : form.textOrNull("url")),
            ("status", form.chosen("status")), ("notes", form.text("notes")))
    }

    private static func showNew(_ form: Form, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let choices = try await call.database.read(AccountGroups.choices, in: access)
        var groups = choices.groups
        if let id = AccountGroupID(form["groupId"]), !groups.has(form["groupId"]) {
            let chosen: AccountGroup? = try await call.database.read(AccountGroups.one(id), in: access)
            if let chosen {
                groups = groups.including(Choice(form["groupId"], "\(chosen.brandName): \(chosen.name)"))
            }
        }
        guard !groups.isEmpty else {
            return .page(place("New account", nil, access), frame) { html in
                html.pageHeader("New account")
                if choices.isEmpty { html.needsBrand(access.guild) } else { html.needsGroup(access.guild) }
            }
        }
        let page = FormPage(
            place: place("New account", nil, access), address: PagePath.newAccount.link(access.guild),
            cancel: PagePath.accounts.link(access.guild), button: "Add account", fields: fields)
        return page.response(form, frame) { html in
            let platforms = [Choice("", "Choose a platform")] + Platform.allCases.map { Choice($0.rawValue, $0.label) }
            html.selectField(platform, form, platforms, .flag("required"))
            html.accountFields(form, groups: [Choice("", "Choose a group")] + groups, statuses: .tracking)
        }
    }

    private static func showEdit(
        _ id: ClientAccountID, _ typed: Form?, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let account = try await call.database.find(Accounts.one(id), in: access)
        let groups = try await call.database.read(AccountGroups.choices, in: access).groups
        let saved = Form(account)
        let form = typed?.merged(over: saved, fields) ?? saved
        let choices = groups.including(Choice(account.group.description, account.groupText))
        let statuses = [Choice].tracking(from: account.status)
        let link = PagePath.account.link(access.guild, id)
        var page = FormPage(
            place: place("Edit @\(account.handle)", Crumb(label: "@\(account.handle)", link: link), access),
            lead: "On \(account.platform.label). Changing the group moves it with its posts.",
            address: PagePath.editAccount.link(access.guild, id), cancel: link, button: "Save", fields: fields)
        page.choices = [group.name: choices, status.name: statuses]
        page.deletion = .init(
            title: "Delete this account …",
            text: """
                With the account go its posts and measurements. To keep these and stop the tracking, pause it instead. \
                You will be asked once more.
                """,
            link: PagePath.deleteAccount.link(access.guild, id))
        return page.response(form, frame) { $0.accountFields(form, groups: choices, statuses: statuses) }
    }

    private static func place(_ title: String, _ crumb: Crumb?, _ access: GuildAccess) -> PagePlace {
        let accounts = Crumb(label: "Accounts", link: PagePath.accounts.link(access.guild))
        return PagePlace(title: title, item: .accounts, crumbs: [accounts] + (crumb.map { [$0] } ?? []))
    }
}
