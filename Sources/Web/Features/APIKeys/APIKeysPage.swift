internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The API keys of a guild.
enum APIKeysPage {
    struct View: Sendable {
        let guild: GuildID
        let keys: [APIKey]
        var rejected: [RejectedItem] = []
        var form = APIKeyForm.empty
        /// Set only in the response that created the key; its secret is shown once.
        var made: NewAPIKey?
        var isEnded = false
    }

    static let ended = QueryParameter<Outcome>.word("done", "The completed action")
    enum Outcome: String, CaseIterable, Sendable { case ended }

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.apiKeys, .page, needs: APIKeyEndpoints.rule, "A server's API keys", .html) {
            call, access in
            let isEnded = try call.query(ended) != nil
            return try await show(call, access) { $0.isEnded = isEnded }
        }.takes([ended.description]),
        .guild(.post, PagePath.apiKeys, .page, needs: APIKeyEndpoints.rule, "Create an API key", .html) {
            call, access in
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
        // The response to the form is at this address. A reload with `GET` redirects to the list.
        .guild(.get, PagePath.rotateAPIKey, .page, needs: APIKeyEndpoints.rule, "The API keys again", .redirect()) {
            call, access, id in
            _ = try await call.database.find(APIKeys.one(id), in: access)
            return .seeOther(PagePath.apiKeys.link(access.guild))
        },
        .guild(.post, PagePath.endAPIKey, .page, needs: APIKeyEndpoints.rule, "Revoke an API key", .redirect()) {
            call, access, id in
            try await APIKeyEndpoints.revoke(id, call, access)
            return .seeOther(PagePath.apiKeys.link(access.guild).asking([("done", Outcome.ended.rawValue)]))
        },
    ]

    /// The list with the created key, or with the error.
    private static func showMade(
        _ form: Form, _ call: Call, _ access: GuildAccess, make: () async throws -> (APIKey, NewAPIKey)
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
        let (keys, rejected) = try await call.database.read(APIKeys.list, RejectedItems.list, in: access)
        var view = View(guild: access.guild, keys: keys, rejected: rejected)
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
                    html.text("Create one below and give it to your bot. A bot that writes by SQL needs none.")
                }
            } else {
                html.listTable("API keys", columns) { html in
                    for key in view.keys { html.keyRow(key, view, frame) }
                }
            }
        }
        html.rejectedItems(view.rejected, frame)
        html.bodyCard(CardTitle("new-key", "Create key")) { $0.keyForm(view, frame) }
    }

    private static let columns = [
        Column("Key"), Column("Can write", "any"), Column("Created", "num"), Column("Last used", "num"),
        Column("Actions", "num", isHidden: true),
    ]
}

extension HTML {
    fileprivate mutating func outcome(of view: APIKeysPage.View) {
        problems(
            of: view.form, [APIKeyForm.name, APIKeyForm.scopes], on: PagePath.apiKeys.link(view.guild))
        if view.isEnded { notice(.good) { $0.strong(text: "Key revoked. Requests signed with it are rejected.") } }
        guard let made = view.made else { return }
        notice(.good) { html in
            html.strong(text: "Key created. Copy its secret now: it is shown only once.")
            html.p { html in
                html.text("Key: ")
                html.code(text: made.publicID)
            }
            html.p { html in
                html.text("Secret: ")
                html.code(text: made.secret.exposed)
            }
        }
    }

    fileprivate mutating func keyRow(_ key: APIKey, _ view: APIKeysPage.View, _ frame: Frame) {
        tr { html in
            html.rowHeading { html in
                html.strong { $0.name(key.name) }
                html.span(.class("sub mono"), text: key.publicID)
            }
            html.cell("Can write", "any") { html in html.text(key.scopes.map(\.label).joined(separator: ", ")) }
            html.cell("Created", "num") { $0.time(key.created, frame.clock) }
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

    private mutating func keyActions(_ key: APIKey, _ view: APIKeysPage.View, _ frame: Frame) {
        if key.expires == nil {
            postButton(
                "Rotate", PagePath.rotateAPIKey.link(view.guild, key.id), frame, "button small", about: key.name)
        }
        // Revoking cannot be undone, so it takes two steps.
        details(.class("more")) { html in
            html.summary { html in
                html.text("Revoke …")
                html.span(.class("visually-hidden")) { $0.name(key.name) }
            }
            html.p(.class("small"), text: "Requests signed with it will be rejected. This can't be undone.")
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
            html.div(.class("actions")) { $0.button(.class("button primary"), text: "Create key") }
            html.formToken(frame)
        }
        p(
            .class("small muted"),
            text: """
                Give each bot its own key. Rotating one creates a new secret; the old one works for another 24 \
                hours, so you have time to update the bot. Revoking ends it at once.
                """)
    }
}
