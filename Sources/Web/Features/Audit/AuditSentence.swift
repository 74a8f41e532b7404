internal import Domain
internal import Formats

/// A change in a plain sentence, such as `Ada changed the time zone from UTC to Europe/Paris`.
struct AuditSentence: Sendable {
    /// Words come from the dashboard; names come from people, and are shown so that they cannot pass for words.
    enum Part: Equatable, Sendable {
        case words(String)
        case name(String)
        /// The name of the changed object, which may have a page.
        case target(String)
    }

    private(set) var parts: [Part] = []
    /// The time zone of the times in the sentence.
    let zone: TimeZoneRules

    /// The sentence as text.
    var text: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .words(let words): text += words
            case .name(let name), .target(let name): text += name
            }
        }
    }

    init(_ event: AuditEvent, in zone: TimeZoneRules = .utc) {
        self.zone = zone
        actor(of: event)
        if let action = AuditAction(rawValue: event.action) { tell(action, event) } else { unknown(event) }
        if event.omitted > 0 { words(" and \(AuditWords.more(event.omitted))") }
    }

    mutating func words(_ text: String) {
        if case .words(let before) = parts.last {
            parts[parts.count - 1] = .words(before + text)
        } else {
            parts.append(.words(text))
        }
    }

    mutating func name(_ text: String) { parts.append(.name(text)) }

    mutating func target(_ text: String) { parts.append(.target(text)) }

    private mutating func actor(of event: AuditEvent) {
        switch event.actor {
        case .user: name(event.actorName ?? "Someone")
        case .bot: words("The bot")
        case .system: words(event.source == "command_line" ? "The operator" : "The dashboard")
        }
    }

    /// An action without its own sentence, for example a newer version's: its name and changes as stored.
    mutating func unknown(_ event: AuditEvent) {
        words(" did ")
        name(event.action)
        if let target = event.targetName ?? event.target {
            words(" to ")
            self.target(target)
        }
        steps(event.changes, of: event, before: ": ")
    }

    // MARK: Lists

    /// Maximum items shown.
    private static let most = 4

    /// For example `, and 3 more`.
    mutating func list<Item>(_ items: [Item], _ write: (inout AuditSentence, Item) -> Void) {
        let shown = items.count <= Self.most ? items.count : Self.most - 1
        for (index, item) in items.prefix(shown).enumerated() {
            if index > 0 { words(index == items.count - 1 ? " and " : ", ") }
            write(&self, item)
        }
        if items.count > shown { words(" and \(items.count - shown) more") }
    }

    /// For example `the time zone from UTC to Europe/Paris and the currency from USD to EUR`.
    mutating func steps(_ changes: [AuditChange], of event: AuditEvent, before opening: String) {
        guard !changes.isEmpty else { return }
        words(opening)
        list(changes) { $0.step($1, of: event) }
    }

    private mutating func step(_ change: AuditChange, of event: AuditEvent) {
        words("the \(AuditWords.field(change.field))")
        guard let from = change.from else {
            words(" ")
            return value(change.to, change.field, event)
        }
        if from == change.to { return }
        words(" from ")
        value(from, change.field, event)
        words(" to ")
        value(change.to, change.field, event)
    }

    /// A group or brand by its name; by its id if it was deleted.
    private mutating func value(_ value: JSONValue, _ field: String, _ event: AuditEvent) {
        if let id = value.string, let known = event.references?[field]?[id]?.string {
            return name(AuditWords.shortened(known))
        }
        self.value(value, field)
    }

    mutating func value(_ value: JSONValue, _ field: String) {
        switch AuditWords.value(value, field) {
        case .words(let text): words(text)
        case .name(let text), .target(let text): name(text)
        }
    }
}

extension AuditSentence {
    /// The part of the sentence after its subject.
    mutating func tell(_ action: AuditAction, _ event: AuditEvent) {
        switch action {
        case .guildJoined: joined(event)
        case .guildRejoined: words(event.actor == .bot ? " came back to the server" : " registered the server again")
        case .guildUpdated: foundServer(event)
        case .guildLeft: words(" left the server")
        case .accountsReported: reported("accounts", event)
        case .postsExpired: expired(event)
        case .settingsUpdated: settings(event)
        case .accessGiven: gaveAccess(event)
        case .accessEnded: endedAccess(event)
        case .apiKeyCreated: key(event, " made the API key ")
        case .apiKeyRotated: rotatedKey(event)
        case .apiKeyRevoked: key(event, " revoked the API key ")
        case .brandCreated: added("brand", event)
        case .brandUpdated: changed("brand", event)
        case .brandDeleted: deleted("brand", event)
        case .groupCreated: added("group", event)
        case .groupUpdated: changed("group", event)
        case .groupDeleted: deleted("group", event)
        case .accountCreated: added("account", event)
        case .accountUpdated: changed("account", event)
        case .accountDeleted: deleted("account", event)
        // No page shows the installation's chain.
        case .signInAccepted, .signInRefused, .sessionEnded, .sessionEndedEverywhere, .sessionTokenReused:
            unknown(event)
        }
    }
}
