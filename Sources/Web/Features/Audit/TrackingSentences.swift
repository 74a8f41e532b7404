internal import Domain
internal import Formats

/// Sentences about brands, groups and accounts, changed by hand one at a time.
extension AuditSentence {
    mutating func added(_ noun: String, _ event: AuditEvent) {
        words(" added the \(noun) ")
        name(Self.title(of: event, isChange: false))
    }

    mutating func changed(_ noun: String, _ event: AuditEvent) {
        words(" changed the \(noun) ")
        name(Self.title(of: event, isChange: true))
        steps(event.changes.filter { $0.from != nil }, before: ": ")
    }

    mutating func deleted(_ noun: String, _ event: AuditEvent) {
        words(" deleted the \(noun) ")
        name(Self.title(of: event, isChange: false))
        // From the largest to the smallest. Other numbers, such as followers, do not count deleted objects.
        let found = ["groups", "accounts", "posts"].compactMap { event[$0].flatMap(AuditWords.count) }
        guard !found.isEmpty else { return }
        words(", and with it ")
        list(found) { $0.words($1) }
    }

    /// The object's name: the old one for a change, the new one for a new object.
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
}

/// Sentences about batches: changes by the bot and by background work, many at a time.
extension AuditSentence {
    mutating func reported(_ noun: String, _ event: AuditEvent) {
        words(" reported \(noun)")
        let order = ["brands", "groups", "accounts"]
        let changes = order.compactMap { event[$0] } + event.changes.filter { !order.contains($0.field) }
        let news = changes.compactMap(Self.countedInBatch)
        guard !news.isEmpty else { return }
        words(": ")
        list(news) { $0.words($1) }
    }

    mutating func expired(_ event: AuditEvent) {
        words(" deleted ")
        words(event["posts"].flatMap(AuditWords.count) ?? "posts")
        words(" older than the server keeps them")
    }

    /// For example `3 new accounts` and `2 changed handles`.
    private static func countedInBatch(_ change: AuditChange) -> String? {
        if case .array(let items) = change.to {
            let noun = AuditWords.field(change.field)
            return items.count == 1 ? "1 of the \(noun) changed" : "\(NumberText.grouped(items.count)) \(noun) changed"
        }
        guard let text = AuditWords.count(change), let space = text.firstIndex(of: " ") else { return nil }
        return text[..<space] + " new" + text[space...]
    }
}
