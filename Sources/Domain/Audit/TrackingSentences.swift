internal import Formats

/// What happens to brands, groups, accounts and posts: by hand, one at a time.
extension AuditSentence {
    private static let nouns = [
        "brand": "brand", "group": "group", "account_group": "group", "account": "account", "post": "post",
    ]

    private static let verbs = [
        "created": "added", "updated": "changed", "changed": "changed", "deleted": "deleted", "moved": "moved",
        "paused": "paused", "resumed": "resumed", "restored": "brought back", "renamed": "renamed",
        "status_changed": "changed",
    ]

    mutating func tellThing(_ event: AuditEvent) -> Bool {
        let words = event.action.split(separator: ".").map(String.init)
        guard words.count == 2, let noun = Self.nouns[words[0]], let verb = Self.verbs[words[1]] else { return false }
        self.words(" \(verb) the \(noun) ")
        let isChange = !["created", "deleted"].contains(words[1])
        name(Self.title(of: event, isChange: isChange))
        if isChange {
            steps(event.changes.filter { $0.from != nil }, before: ": ")
        } else {
            counts(event.changes, opening: words[1] == "deleted" ? ", and with it " : ", and ")
        }
        return true
    }

    /// How the thing is called: as it was before a change, and as it is where it is new.
    private static func title(of event: AuditEvent, isChange: Bool) -> String {
        for field in ["handle", "name"] {
            guard let change = event[field] else { continue }
            let candidates = isChange ? [change.from, change.to] : [change.to, change.from]
            if let text = candidates.lazy.compactMap({ $0?.string }).first {
                return AuditWords.shortened(field == "handle" ? "@" + text : text)
            }
        }
        return AuditWords.shortened(event.target ?? "?")
    }

    /// What else came or went, as numbers.
    mutating func counts(_ changes: [AuditChange], opening: String) {
        let nested = changes.flatMap { change -> [AuditChange] in
            if case .object = change.to { return AuditChange.read(change.to) }
            return [change]
        }
        // An id or a number of followers counts nothing that went.
        let found = Self.counted.compactMap { field in
            nested.first { $0.field.hasSameBytes(as: field) }.flatMap(AuditWords.count)
        }
        guard !found.isEmpty else { return }
        words(opening)
        list(found) { $0.words($1) }
    }

    /// In the order in which they are told: from the whole to its parts.
    private static let counted = [
        "brands", "brandCount", "groups", "groupCount", "deletedGroups", "accounts", "accountCount", "deletedAccounts",
        "posts", "postCount", "deletedPosts", "rounds", "payments", "paymentCount",
    ]
}

/// What the bot and the dashboard do by themselves, many at a time.
extension AuditSentence {
    mutating func tellBatch(_ event: AuditEvent) -> Bool {
        switch event.action {
        case "accounts.reported", "posts.reported", "accounts.recorded", "posts.recorded":
            words(" reported \(event.action.prefix { $0 != "." })")
            let order = ["brands", "groups", "accounts", "posts"]
            let changes = order.compactMap { event[$0] } + event.changes.filter { !order.contains($0.field) }
            let news = changes.compactMap(Self.countedInBatch)
            guard !news.isEmpty else { return true }
            words(": ")
            list(news) { $0.words($1) }
        case "posts.expired":
            words(" deleted ")
            words(event["posts"].flatMap(AuditWords.count) ?? "posts")
            words(" older than the server keeps them")
        default: return false
        }
        return true
    }

    /// As in `3 new accounts` and `2 changed handles`.
    private static func countedInBatch(_ change: AuditChange) -> String? {
        if case .array(let items) = change.to {
            let noun = AuditWords.field(change.field)
            return items.count == 1 ? "1 of the \(noun) changed" : "\(NumberText.grouped(items.count)) \(noun) changed"
        }
        guard let text = AuditWords.count(change), let space = text.firstIndex(of: " ") else { return nil }
        return text[..<space] + " new" + text[space...]
    }
}
