internal import Domain
internal import Persistence

/// The keys with which a bot writes about a guild over HTTP.
enum APIKeysPage {
    struct View: Sendable {
        let guild: GuildID
        let keys: [APIKeys.Entry]
        var form = APIKeyForm.empty
        /// Shown on the answer that made it, and never again.
        var made: NewAPIKey?
        var isEnded = false
    }

    static let ended = QueryParameter<Outcome>.word("done", "What was just done")
    enum Outcome: String, CaseIterable, Sendable { case ended }

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.apiKeys, .page, needs: APIKeyEndpoints.rule, "A server's API keys", .html) {
            call, access in
            let isEnded = try call.query(ended) != nil
            return try await show(call, access) { $0.isEnded = isEnded }
        }.takes([ended.description]),
        .guild(.post, PagePath.apiKeys, .page, needs: APIKeyEndpoints.rule, "Make an API key", .html) { call, access in
            let form = try APIKeyForm.read(call.request)
            return try await showMade(form, call, access) {
                try await APIKeyEndpoints.create(
                    try APIKeyForm.draft(form), NewAPIKey(of: form, in: access.guild), call, access)
            }
        },
        .guild(.post, PagePath.rotateAPIKey, .page, needs: APIKeyEndpoints.rule, "Replace an API key", .html) {
            call, access, id in
            try await showMade(APIKeyForm.empty, call, access) {
                try await APIKeyEndpoints.rotate(id, APIKeyJSON.usualOverlap, call, access)
            }
        },
        // Where the answer to the form stands, a reload without it leads back to the list.
        .guild(.get, PagePath.rotateAPIKey, .page, needs: APIKeyEndpoints.rule, "The API keys again", .redirect) {
            call, access, id in
            _ = try await call.database.find(APIKeys.one(id), in: access)
            return .seeOther(PagePath.apiKeys.link(access.guild))
        },
        .guild(.post, PagePath.endAPIKey, .page, needs: APIKeyEndpoints.rule, "Revoke an API key", .redirect) {
            call, access, id in
            try await APIKeyEndpoints.revoke(id, call, access)
            return .seeOther(PagePath.apiKeys.link(access.guild).asking([("done", Outcome.ended.rawValue)]))
        },
    ]

    /// The list with the key that was made, or with why there is none.
    private static func showMade(
        _ form: Form, _ call: Call, _ access: GuildAccess, make: () async throws -> (APIKeys.Entry, NewAPIKey)
    ) async throws -> Response {
        do {
            let (_, new) = try await make()
            return try await show(call, access) { $0.made = new }
        } catch let rejection as Rejection {
            guard let refused = form.refused(rejection) else { throw rejection }
            return try await show(call, access) { $0.form = refused }
        }
    }

    private static func show(
        _ call: Call, _ access: GuildAccess, _ change: (inout View) -> Void
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        var view = View(guild: access.guild, keys: try await call.database.read(APIKeys.list, in: access))
        change(&view)
        let shown = view
        var response = Response.page(PagePlace(title: "API keys", item: .apiKeys), frame) {
            write(shown, frame, to: &$0)
        }
        response.status = shown.form.status
        return response
    }

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader(
            "API keys",
            lead: { $0.text("With a key, a bot writes accounts, posts and its queue for this server over HTTP.") },
            count: NumberText.grouped(view.keys.count))
        html.outcome(of: view)
        html.listCard { html in
            if view.keys.isEmpty {
                html.emptyState(.settings, "No keys yet") { html in
                    html.text("Make one below and give it to your bot. A bot that writes by SQL needs none.")
                }
            } else {
                html.listTable("API keys", columns) { html in
                    for key in view.keys { html.keyRow(key, view, frame) }
                }
            }
        }
        html.bodyCard(CardTitle("new-key", "Make a key")) { $0.keyForm(view, frame) }
    }

    private static let columns = [
        Column("Key"), Column("May write", "any"), Column("Made", "num"), Column("Last used", "num"),
        Column("Actions", "num", isHidden: true),
    ]
}

extension HTML {
    fileprivate mutating func outcome(of view: APIKeysPage.View) {
        problems(
            of: view.form, [APIKeyForm.name, APIKeyForm.scopes], on: PagePath.apiKeys.link(view.guild))
        if view.isEnded { notice(.good) { $0.strong(text: "The key has ended. Requests with it are refused.") } }
        guard let made = view.made else { return }
        notice(.good) { html in
            html.strong(text: "The key was made. Copy its secret now: it is shown only this once.")
            html.p { html in
                html.text("Key: ")
                html.code(text: made.publicID)
            }
            html.p { html in
                html.text("Secret: ")
                html.code(text: made.secret)
            }
        }
    }

    fileprivate mutating func keyRow(_ key: APIKeys.Entry, _ view: APIKeysPage.View, _ frame: Frame) {
        tr { html in
            html.rowHeading { html in
                html.strong { $0.name(key.name) }
                html.span(.class("sub mono"), text: key.publicID)
            }
            html.cell("May write", "any") { html in html.text(key.scopes.map(\.label).joined(separator: ", ")) }
            html.cell("Made", "num") { $0.time(key.created, frame.clock) }
            html.cell("Last used", "num") { html in
                if let used = key.lastUsed { html.time(used, frame.clock) } else { html.text("never") }
                guard let end = key.expires else { return }
                html.span(.class("sub")) { html in
                    html.text("ends ")
                    html.time(end, frame.clock)
                }
            }
            html.cell("", "num bare") { html in
                html.keyActions(key, view, frame)
            }
        }
    }

    private mutating func keyActions(_ key: APIKeys.Entry, _ view: APIKeysPage.View, _ frame: Frame) {
        if key.expires == nil {
            postButton(
                "Replace", PagePath.rotateAPIKey.link(view.guild, key.id), frame, "button small", about: key.name)
        }
        // It cannot be undone: whoever opens this and presses the button means it.
        details(.class("more")) { html in
            html.summary { html in
                html.text("Revoke …")
                html.span(.class("visually-hidden")) { $0.name(key.name) }
            }
            html.p(.class("small"), text: "Requests with it are refused from then on, for good.")
            html.postButton(
                "Revoke", PagePath.endAPIKey.link(view.guild, key.id), frame, "button small danger", about: key.name)
        }
    }

    fileprivate mutating func keyForm(_ view: APIKeysPage.View, _ frame: Frame) {
        form(.class("stack"), .fixed("method", "post"), .action(PagePath.apiKeys.link(view.guild))) { html in
            html.textField(
                APIKeyForm.name, view.form, .fixed("placeholder", "My tracking bot"), .integer("maxlength", 100),
                .flag("required"))
            html.checkFields(APIKeyForm.scopes, view.form, APIKeyForm.boxes)
            html.div(.class("actions")) { $0.button(.class("button primary"), text: "Make a key") }
            html.formToken(frame)
        }
        p(
            .class("small muted"),
            text: """
                Give each bot a key of its own. Replacing one makes a new secret, and the old one works for another 24 \
                hours, so that the bot can be told. Revoking ends it at once.
                """)
    }
}
