internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The guests of a guild, with the person who granted access and its expiry.
enum GuestsPage {
    enum Change: String, CaseIterable, Sendable { case given, ended }

    struct View: Sendable {
        let guild: GuildID
        let guests: [Guest]
        var form = GuestForm.empty
        var done: Change?
        /// True for guests: they see the list and cannot change it.
        var isFixed = false
    }

    static let change = QueryParameter<Change>.word("done", "The completed action")

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.guests, .page, needs: .admin, "A server's guests", .html) { call, access in
            let done = try call.query(change)
            return try await show(GuestForm.empty, done, call, access)
        }.takes([change.description]),
        .guild(
            .post, PagePath.guests, .page, needs: GuestEndpoints.change, "Grant someone temporary access", .redirect()
        ) {
            call, access in
            let form = try Form(call.request, GuestForm.fields)
            return try await answer(to: form) {
                try await show($0, nil, call, access)
            } _: {
                _ = try await GuestEndpoints.add(try GuestForm.draft(form), call, access)
                return link(access.guild, .given)
            }
        },
        .guild(.post, PagePath.endGuest, .page, needs: GuestEndpoints.change, "End a guest's access", .redirect()) {
            call, access, id in
            try await GuestEndpoints.end(id, call, access)
            return .seeOther(link(access.guild, .ended))
        },
    ]

    private static func link(_ guild: GuildID, _ change: Change) -> Link {
        PagePath.guests.link(guild).asking([("done", change.rawValue)])
    }

    private static func show(
        _ form: Form, _ done: Change?, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        let guests = try await call.database.read(Guests.list, in: access)
        let view = View(
            guild: access.guild, guests: guests, form: form, done: done, isFixed: !GuestEndpoints.change.allows(access))
        var response = Response.page(PagePlace(title: "Guests", item: .guests), frame) { write(view, frame, to: &$0) }
        response.status = form.status
        return response
    }

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader(
            "Guests",
            lead: { $0.text("People with temporary access, whether or not they are in the Discord server.") },
            count: NumberText.grouped(view.guests.count))
        html.outcome(of: view)
        html.listCard { html in
            if view.guests.isEmpty {
                html.emptyState(.user, "No guests") { html in
                    html.text("Server admins always have access; members only if enabled in the settings.")
                }
            } else {
                html.listTable("Guests", columns) { html in
                    for guest in view.guests { html.guestRow(guest, view, frame) }
                }
            }
        }
        if !view.isFixed {
            html.bodyCard(CardTitle("new-guest", "Grant access")) { $0.guestForm(view, frame) }
        }
    }

    private static let columns = [
        Column("Person"), Column("Level"), Column("Given by", "any"), Column("Since", "num"), Column("Ends", "num"),
        Column("Actions", "num", isHidden: true),
    ]
}

extension HTML {
    fileprivate mutating func outcome(of view: GuestsPage.View) {
        problems(of: view.form, GuestForm.fields, on: PagePath.guests.link(view.guild))
        switch view.done {
        case .given: notice(.good) { $0.strong(text: "Access granted.") }
        case .ended: notice(.good) { $0.strong(text: "Access ended.") }
        case nil: break
        }
    }

    fileprivate mutating func guestRow(_ guest: Guest, _ view: GuestsPage.View, _ frame: Frame) {
        tr { html in
            html.rowHeading { html in
                html.strong { $0.name(guest.name ?? "Not signed in yet") }
                html.span(.class("sub mono"), text: guest.user.description)
            }
            html.cell("Level") { $0.tag(guest.level.label) }
            html.cell("Given by", "any") { $0.name(guest.giverName ?? guest.giver.description) }
            html.cell("Since", "num") { $0.time(guest.created, frame.clock) }
            html.cell("Ends", "num") { $0.time(guest.ends, frame.clock) }
            html.cell("", "num bare") { html in
                guard !view.isFixed else { return }
                html.postButton(
                    "End", PagePath.endGuest.link(view.guild, guest.id), frame, "button small danger",
                    about: "access of \(guest.name ?? guest.user.description)")
            }
        }
    }

    fileprivate mutating func guestForm(_ view: GuestsPage.View, _ frame: Frame) {
        form(.class("stack"), .fixed("method", "post"), .action(PagePath.guests.link(view.guild))) { html in
            html.textField(
                GuestForm.user, view.form, .fixed("inputmode", "numeric"), .integer("maxlength", 30), .flag("required"))
            html.selectField(GuestForm.level, view.form, GuestForm.levels)
            html.selectField(GuestForm.hours, view.form, GuestForm.lengths)
            html.div(.class("actions")) { $0.button(.class("button primary"), text: "Grant access") }
            html.formToken(frame)
        }
        p(
            .class("small muted"),
            text: """
                The access expires automatically, and the audit log records who granted it. A viewer reads, an admin \
                also changes; only admins of the Discord server can grant access. To copy someone’s ID, switch on \
                developer mode in Discord’s settings and right-click the person.
                """)
    }
}
