internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The forms that add a brand and rename it.
enum BrandForms {
    static let name = FormField("name", "Name", hint: "For example a client or a product line.")

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.newBrand, .page, needs: .admin, "The form of a new brand", .html) { call, access in
            try await showNew(Form(), call, access)
        },
        .guild(.post, PagePath.newBrand, .page, needs: .admin, "Add a brand", .redirect()) { call, access in
            let form = try Form(call.request, [name])
            return try await answer(to: form) {
                try await showNew($0, call, access)
            } _: {
                let draft = try BrandJSON.readInput(form.json(("name", form.text("name"))))
                _ = try await Brands.add(draft, from: call.origin, in: access, call.database)
                return PagePath.brands.link(access.guild).after(.brandAdded)
            }
        },
        .guild(.get, PagePath.editBrand, .page, needs: .admin, "The form of a brand", .html) { call, access, id in
            try await showEdit(id, nil, call, access)
        },
        .guild(.post, PagePath.editBrand, .page, needs: .admin, "Rename a brand", .redirect()) { call, access, id in
            let form = try Form(call.request, [name])
            return try await answer(to: form) {
                try await showEdit(id, $0, call, access)
            } _: {
                let name = try BrandJSON.readInput(form.json(("name", form.text("name"))))
                try await Brands.change(id, form.versions, name: name, from: call.origin, in: access, call.database)
                return PagePath.brands.link(access.guild).after(.brandSaved)
            }
        },
    ]

    private static func showNew(_ form: Form, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let page = page("New brand", PagePath.newBrand.link(access.guild), access, button: "Add brand")
        return page.response(form, try await Frame.guild(call, access)) { $0.textField(name, form, .flag("required")) }
    }

    private static func showEdit(
        _ id: BrandID, _ typed: Form?, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let brand = try await call.database.find(Brands.one(id), in: access)
        let saved = Form(["name": brand.name, "version": "\(brand.version)"])
        let form = typed?.merged(over: saved, [name]) ?? saved
        var page = page("Edit \(brand.name)", PagePath.editBrand.link(access.guild, id), access, button: "Save")
        page.deletion = .init(
            title: "Delete this brand …",
            text: "This also deletes its groups, accounts and posts. You will be asked to confirm.",
            link: PagePath.deleteBrand.link(access.guild, id))
        return page.response(form, frame) { $0.textField(name, form, .flag("required")) }
    }

    private static func page(_ title: String, _ address: Link, _ access: GuildAccess, button: String) -> FormPage {
        let brands = PagePath.brands.link(access.guild)
        let place = PagePlace(title: title, item: .brands, crumbs: [Crumb(label: "Brands", link: brands)])
        return FormPage(place: place, address: address, cancel: brands, button: button, fields: [name])
    }
}
