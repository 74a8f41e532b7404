internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// A server's settings, for its admins to read and change.
enum SettingsPage {
    enum Outcome: String, CaseIterable, Sendable { case saved, unchanged }

    struct View: Sendable {
        let guild: GuildID
        let settings: OpenedSettings
        var form: SettingsForm
        /// The typed webhook address before it is saved, encrypted for the hidden field.
        var typedWebhook: String?
        var conflict: SettingsConflict?
        /// The number of posts that the typed retention would delete, if that needs a confirmation.
        var expiring: RowCount?
        var done: Outcome?
        /// True for guests: they see the settings and cannot change them.
        var isFixed = false

        /// True if the form contains unsaved input.
        var isDirty: Bool { conflict != nil || !form.complaints.isEmpty }
    }

    static let done = QueryParameter<Outcome>.word("done", "The completed action")

    static let endpoints: [Endpoint] = [
        .guild(.get, PagePath.settings, .page, needs: .admin, "A server's settings", .html) { call, access in
            let outcome = try call.query(done)
            let settings = try await SettingsEndpoints.read(call, access)
            return try await show(SettingsForm(settings), settings, call, access) { $0.done = outcome }
        }.takes([done.description]),
        .guild(.post, PagePath.settings, .page, needs: SettingsEndpoints.change, "Save the settings", .redirect()) {
            call, access in
            let form = try SettingsForm(call.request, call.world.vault, of: access)
            return try await save(form, call, access)
        },
    ]

    private static func save(_ form: SettingsForm, _ call: Call, _ access: GuildAccess) async throws -> Response {
        let present = try await SettingsEndpoints.read(call, access)
        guard form.version == present.version else { return try await conflict(form, present, call, access) }
        do {
            let new = try form.settings(over: present.values, call.world.timeZones)
            if let expiring = try await unconfirmed(new, over: present.values, form, call, access) {
                return try await askAgain(form, expiring, present, call, access)
            }
            let saved = try await SettingsEndpoints.save(new, over: present, call, access)
            let outcome = saved.version == present.version ? Outcome.unchanged : .saved
            return .seeOther(PagePath.settings.link(access.guild).asking([("done", outcome.rawValue)]))
        } catch Rejection.outdated {
            return try await conflict(form, try await SettingsEndpoints.read(call, access), call, access)
        } catch Rejection.invalid(let complaints) {
            var form = form
            form.complaints = complaints
            return try await show(form, present, call, access, status: 422) { _ in }
        }
    }

    /// The number of posts that the new retention would delete; nil if there are none, or the deletion was confirmed.
    private static func unconfirmed(
        _ new: ServerSettings, over present: ServerSettings, _ form: SettingsForm, _ call: Call, _ access: GuildAccess
    ) async throws -> RowCount? {
        guard let days = new.postRetentionDays, days < present.postRetentionDays ?? .max,
            form.confirmedRetention != String(days)
        else { return nil }
        let expiring = try await call.database.read(Posts.expired(after: days), in: access)
        return expiring.value > 0 ? expiring : nil
    }

    private static func askAgain(
        _ form: SettingsForm, _ expiring: RowCount, _ present: OpenedSettings, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        var form = form
        form.complaints = [
            .init(
                "/\(Setting.postRetentionDays.key)", "would permanently delete \(expiring.posts).")
        ]
        return try await show(form, present, call, access, status: 422) { $0.expiring = expiring }
    }

    private static func conflict(
        _ form: SettingsForm, _ present: OpenedSettings, _ call: Call, _ access: GuildAccess
    ) async throws -> Response {
        let conflict = SettingsConflict(form, over: present)
        return try await show(conflict.merged, present, call, access, status: 412) { $0.conflict = conflict }
    }

    private static func show(
        _ form: SettingsForm, _ settings: OpenedSettings, _ call: Call, _ access: GuildAccess, status: Int = 200,
        _ change: (inout View) -> Void
    ) async throws -> Response {
        let frame = try await Frame.guild(call, access)
        var view = View(
            guild: access.guild, settings: settings, form: form, isFixed: !SettingsEndpoints.change.allows(access))
        view.typedWebhook = form.webhook.map { Base64URL.encode(call.world.vault.seal($0, of: access.client)) }
        change(&view)
        let shown = view
        var response = Response.page(PagePlace(title: "Settings", item: .settings), frame, capacity: 65_536) {
            write(shown, frame, to: &$0)
        }
        response.status = status
        return response
    }

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader("Settings") { html in
            html.text("Last changed ")
            html.time(view.settings.updatedAt, frame.clock)
            html.text(".")
        }
        html.outcome(of: view)
        if let conflict = view.conflict { html.conflict(conflict) }
        html.settingsForm(view, frame)
    }
}

extension HTML {
    fileprivate mutating func outcome(of view: SettingsPage.View) {
        if view.isFixed { notice(nil) { $0.text("Guests see the settings and cannot change them.") } }
        if view.conflict != nil {
            return notice(.bad) { html in
                html.strong(text: "Someone else changed the settings while you were editing. Yours are not saved yet.")
                html.text(
                    " Compare both below. The form has your changes on top of theirs: save it, or discard yours.")
            }
        }
        if let expiring = view.expiring {
            return notice(.warn) { html in
                html.strong(text: "Not saved yet: this would permanently delete \(expiring.posts).")
                html.text(" To confirm, tick the box below and save.")
            }
        }
        if !view.form.complaints.isEmpty {
            return notice(.bad) { $0.strong(text: "Not saved. Check the fields marked below.") }
        }
        switch view.done {
        case .saved: notice(.good) { $0.strong(text: "Settings saved.") }
        case .unchanged: notice(nil) { $0.text("No changes to save.") }
        case nil: break
        }
    }

    fileprivate mutating func conflict(_ conflict: SettingsConflict) {
        bothVersions(conflict.rows, "Setting") { row, value in
            Setting.all.first { $0.key == row.name }?.text(of: value) ?? value
        }
    }
}
