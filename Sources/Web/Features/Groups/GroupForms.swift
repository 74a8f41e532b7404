internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The forms that add an account group, rename it and move it to another brand.
enum GroupForms {
    fileprivate static let name = FormField("name", "Name", hint: "For example a campaign or a country.")
    fileprivate static let brand = FormField("brandId", "Brand")
    private static let fields = [brand, name]

    private static let chosen = QueryParameter<BrandID>.id("brand", "The preselected brand")

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.newGroup, .page, needs: .admin, "The form of a new account group", .html) {
            call, access in
            try await showNew(Form(["brandId": try call.query(chosen)?.description ?? ""]), call, access)
        }.takes([chosen.description]),
        .guild(.post, PagePath.newGroup, .page, needs: .admin, "Add an account group", .redirect()) { call, access in
            let form = try Form(call.request, fields)
            return try await answer(to: form) {
                try await showNew($0, call, access)
            } _: {
                let draft = try AccountGroupJSON.readInput(json(form))
                _ = try await AccountGroups.add(draft, from: call.origin, in: access, call.database)
                return PagePath.brands.link(access.guild).after(.groupAdded)
            }
        },
        .guild(.get, PagePath.editGroup, .page, needs: .admin, "The form of an account group", .html) {
            call, access, id in
            try await showEdit(id, nil, call, access)
        },
        .guild(.post, PagePath.editGroup, .page, needs: .admin, "Rename or move an account group", .redirect()) {
            call, access, id in
            let form = try Form(call.request, fields)
            return try await answer(to: form) {
                try await showEdit(id, $0, call, access)
            } _: {
                let change = try AccountGroupJSON.readChange(json(form))
                try await AccountGroups.change(id, form.versions, change, from: call.origin, in: access, call.database)
                return PagePath.brands.link(access.guild).after(.groupSaved)
            }
        },
    ]

    private static func json(_ form: Form) -> JSONValue {
        form.json(("name", form.text("name")), ("brandId", form.chosen("brandId")))
    }

    private static func showNew(_ form: Form, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        var brands = try await call.database.read(AccountGroups.choices, in: access).brands
        if let id = BrandID(form["brandId"]), !brands.has(form["brandId"]) {
            let chosen: Brand? = try await call.database.read(Brands.one(id), in: access)
            if let chosen { brands = brands.including(Choice(form["brandId"], chosen.name)) }
        }
        guard !brands.isEmpty else {
            return .page(place("New group", access), frame) { html in
                html.pageHeader("New group")
                html.needsBrand(access.guild)
            }
        }
        let page = page("New group", PagePath.newGroup.link(access.guild), access, button: "Add group")
        return page.response(form, frame) { $0.fields(form, [Choice("", "Choose a brand")] + brands) }
    }

    private static func showEdit(
        _ id: AccountGroupID, _ typed: Form?, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let group = try await call.database.find(AccountGroups.one(id), in: access)
        let brands = try await call.database.read(AccountGroups.choices, in: access).brands
        let own = Choice(group.brand.description, group.brandName)
        let saved = Form(["name": group.name, "brandId": own.value, "version": "\(group.version)"])
        let form = typed?.merged(over: saved, fields) ?? saved
        var page = page("Edit \(group.name)", PagePath.editGroup.link(access.guild, id), access, button: "Save")
        page.lead = "Changing the brand moves the group with its accounts and posts."
        page.choices = [brand.name: brands.including(own)]
        page.deletion = .init(
            title: "Delete this group …",
            text: "This also deletes its accounts and posts. You will be asked to confirm.",
            link: PagePath.deleteGroup.link(access.guild, id))
        return page.response(form, frame) { $0.fields(form, brands.including(own)) }
    }

    private static func place(_ title: String, _ access: GuildAccess) -> PagePlace {
        PagePlace(
            title: title, item: .brands, crumbs: [Crumb(label: "Brands", link: PagePath.brands.link(access.guild))])
    }

    private static func page(_ title: String, _ address: Link, _ access: GuildAccess, button: String) -> FormPage {
        FormPage(
            place: place(title, access), address: address, cancel: PagePath.brands.link(access.guild), button: button,
            fields: fields)
    }
}

extension HTML {
    fileprivate mutating func fields(_ form: Form, _ brands: [Choice]) {
        selectField(GroupForms.brand, form, brands, .flag("required"))
        textField(GroupForms.name, form, .flag("required"))
    }

    /// Replaces the form while the server has no brand.
    mutating func needsBrand(_ guild: GuildID) {
        listCard { html in
            html.emptyState(.brands, "Create a brand first") { html in
                html.button("New brand", PagePath.newBrand.link(guild), .primary, icon: .plus)
            } text: { html in
                html.text("Brands contain groups; groups contain accounts. This server has no brand yet.")
            }
        }
    }
}
