internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The audit log of a server, as a timeline of sentences.
enum AuditPage {
    struct View: Sendable {
        let guild: GuildID
        let query: AuditQuery
        let entries: Page<AuditLogEntry>
        let count: RowCount
        let choices: AuditLog.Choices
        let address: ListAddress
        /// The link to the same entries as CSV.
        let file: Link
    }

    static let endpoint = Endpoint.guild(
        .get, PagePath.audit, .page, needs: .admin, "A server's audit log", .html
    ) { call, access in
        let query = try AuditQuery.asked(call)
        let paging = try Paging(call, in: access, most: 60)
        let frame = try await Frame.guild(call, access)
        let (entries, count, choices) = try await call.database.read(
            AuditLog.page(query.filter, paging.slice), AuditLog.count(query.filter), AuditLog.choices, in: access)
        let filters = call.fields.filter { !["cursor", "limit"].contains($0.name) && !$0.value.isEmpty }
        let view = View(
            guild: access.guild, query: query, entries: entries, count: count, choices: choices,
            address: ListAddress(PagePath.audit.link(access.guild), call, paging, entries.ends),
            file: AuditEndpoints.file.link(access.guild).asking(filters.map { ($0.name, $0.value) }))
        var response = Response.page(PagePlace(title: "Audit log", item: .audit), frame, capacity: 65_536) {
            write(view, frame, to: &$0)
        }
        if query.fault != nil { response.status = 422 }
        return response
    }.takes(AuditQuery.parameters + Paging.parameters)

    static func write(_ view: View, _ frame: Frame, to html: inout HTML) {
        html.pageHeader(
            "Audit log", lead: { $0.text("Who changed what. Entries cannot be changed or deleted.") },
            count: view.count.text)
        html.auditFilters(view)
        html.listCard { html in
            guard view.query.fault == nil else { return html.wrongFilter(view.address.page) }
            guard !view.entries.items.isEmpty else { return html.noEntries(view) }
            html.div(.class("body")) { html in
                for (day, entries) in days(of: view.entries.items, frame.clock) {
                    html.h2 { $0.day(day) }
                    html.timeline { html in
                        for entry in entries { html.auditEntry(entry, view.guild, frame.clock) }
                    }
                }
            }
            html.paging(
                view.count.shown(
                    view.entries.items.count, after: view.address.rowsBefore, "entry", "entries", order: "newest first"),
                view.address)
            html.footer { html in
                html.a(.href(view.file), .fixed("download", ""), text: "Download as CSV")
                html.span(.class("muted"), text: " (newest 10,000 matching entries).")
            }
        }
    }

    /// Groups the entries by day in the server's time zone, and keeps their order.
    private static func days(
        of entries: [AuditLogEntry], _ clock: PageClock
    ) -> [(CalendarDay, [AuditLogEntry])] {
        var days: [(CalendarDay, [AuditLogEntry])] = []
        for entry in entries {
            let day = clock.zone.day(of: entry.created)
            if days.last?.0 == day { days[days.count - 1].1.append(entry) } else { days.append((day, [entry])) }
        }
        return days
    }
}

extension HTML {
    fileprivate mutating func auditFilters(_ view: AuditPage.View) {
        let address = view.address
        let kinds = [
            Choice("user", "People"), Choice("bot", "The bot"), Choice("system", "System and operator"),
        ]
        let people = view.choices.people.map { Choice("\($0.id)", $0.name ?? "The person \($0.id)") }
        let keys = view.choices.keys.map { key in
            Choice(
                "\(AuditQuery.keyPrefix)\(key.id)",
                "The bot, with the key \(key.name ?? "\(key.id) of the installation")")
        }
        filters(FilterBar(page: address.page, isSet: address.isFiltered)) { html in
            html.choiceField(
                "actor", "Actor", [Choice("", "Anyone")] + people + kinds + keys, selected: address.value("actor"))
            html.choiceField(
                "action", "Action", [Choice("", "Any")] + view.choices.actions.map(Self.choice),
                selected: address.value("action"))
            html.choiceField(
                "targetType", "Object", [Choice("", "Any")] + view.choices.targetTypes.map(Self.choice),
                selected: address.value("targetType"))
            html.field("from", "From", type: "date", value: view.query.filter.from?.iso8601, fault: view.query.fault)
            html.field("to", "To", type: "date", value: view.query.filter.to?.iso8601)
        }
    }

    /// For example `Settings updated` for `settings.updated`.
    private static func choice(_ word: String) -> Choice {
        let words = word.split { $0 == "." || $0 == "_" }.joined(separator: " ")
        let text =
            words.hasPrefix("api ") ? "API" + words.dropFirst(3) : words.prefix(1).uppercased() + words.dropFirst()
        return Choice(word, text)
    }

    fileprivate mutating func noEntries(_ view: AuditPage.View) {
        if view.address.isFiltered || view.address.first != nil {
            emptyState(.search, "No matching entries") { html in
                html.button("Clear the filters", view.address.page)
            } text: { html in
                html.text("Try fewer filters.")
            }
        } else {
            emptyState(.audit, "Nothing has happened yet") { html in
                html.text("Changes by people, the API, the bot and the operator appear here.")
            }
        }
    }

    fileprivate mutating func auditEntry(_ entry: AuditLogEntry, _ guild: GuildID, _ clock: PageClock) {
        timelineEntry(entry.action.hasSuffix(".deleted") || entry.action.hasSuffix(".revoked") ? .warn : nil) { html in
            html.p(.class("any")) { html in
                for part in AuditSentence(entry.event, in: clock.zone).parts {
                    switch part {
                    case .words(let words): html.text(words)
                    case .name(let name): html.strong { $0.name(name) }
                    case .target(let name): html.target(name, entry, guild)
                    }
                }
                html.text(".")
            }
            html.p(.class("small muted")) { html in
                html.timeOfDay(entry.created, clock)
                html.text(" · \(entry.sourceLabel)")
                if let key = entry.key { html.keyName(entry.actorName, key) }
                if let address = entry.maskedAddress { html.text(" · from \(address)") }
            }
            html.disclosure("Details") { $0.auditDetails(entry) }
        }
    }

    /// A link if the object still exists.
    private mutating func target(_ name: String, _ entry: AuditLogEntry, _ guild: GuildID) {
        let account = entry.targetType == "account" ? entry.target.flatMap { ClientAccountID($0) } : nil
        let link = account.map { PagePath.account.link(guild, $0) } ?? PagePath.brands.link(guild)
        strong { html in
            if entry.targetName == nil { html.name(name) } else { html.a(.href(link)) { $0.name(name) } }
        }
    }

    private mutating func keyName(_ name: String?, _ key: APIKeyID) {
        text(" with the key ")
        if let name { self.name(name) } else { text("\(key) of the installation") }
    }

    private mutating func auditDetails(_ entry: AuditLogEntry) {
        facts { html in
            html.fact("Entry") { $0.span(.class("mono"), text: String(entry.id)) }
            html.fact("Action") { $0.span(.class("mono"), text: entry.action) }
            html.fact("Target") { $0.span(.class("mono"), text: "\(entry.targetType) \(entry.target ?? "")") }
        }
        pre { $0.text(entry.changes) }
        let omitted = entry.event.omitted
        if omitted > 0 { p(.class("small muted"), text: "And \(AuditWords.more(omitted)), too many for one entry.") }
    }
}

extension AuditLogEntry {
    fileprivate var sourceLabel: String {
        switch source {
        case "page": "in the dashboard"
        case "api": "via API"
        case "command_line": "on the command line"
        case "import": "by an import"
        case "bot": "by the bot"
        default: "in the background"
        }
    }
}
