internal import Domain
internal import Formats

/// Sentences about brands, groups and accounts, changed by hand one at a time.
extension AuditSentence {
    mutating func added(_ noun: String, _ event: AuditEvent) {
        words(" added the \(noun) ")
        target(Self.title(of: event, isChange: false))
    }

    mutating func changed(_ noun: String, _ event: AuditEvent) {
        words(" changed the \(noun) ")
        target(Self.title(of: event, isChange: true))
        steps(event.changes.filter { $0.from != nil }, of: event, before: ": ")
    }

    mutating func deleted(_ noun: String, _ event: AuditEvent) {
        words(" deleted the \(noun) ")
        target(Self.title(of: event, isChange: false))
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
        return AuditWords.shortened(event.targetName ?? event.target ?? "?")
    }
}

/// Sentences about batches: changes by the bot and by background work, many at a time.
extension AuditSentence {
    mutating func reported(_ noun: String, _ event: AuditEvent) {
        words(" reported \(noun)")
        let order = ["brands", "groups", "accounts"]
        let others = event.changes.filter { !order.contains($0.field) && $0.field != Self.newAccounts }
        let news = (order.compactMap { event[$0] } + others).compactMap { change in
            Self.countedInBatch(change).map { (text: $0, accounts: Self.accounts(of: change, event)) }
        }
        guard !news.isEmpty else { return }
        words(": ")
        list(news) { sentence, item in
            sentence.words(item.text)
            guard !item.accounts.isEmpty else { return }
            sentence.words(" (")
            sentence.list(item.accounts) { $0.account($1) }
            sentence.words(")")
        }
    }

    mutating func expired(_ event: AuditEvent) {
        words(" deleted ")
        words(event["posts"].flatMap(AuditWords.count) ?? "posts")
        words(" older than the server keeps them")
    }

    /// The handles of new accounts, beside their number.
    private static let newAccounts = "newAccounts"

    /// An account of a batch, and its new handle or status.
    private struct Reported {
        let handle: String
        var news: Part?
    }

    private mutating func account(_ account: Reported) {
        name("@" + AuditWords.shortened(account.handle))
        guard let news = account.news else { return }
        words(" to ")
        switch news {
        case .words(let text): words(text)
        case .name(let text), .target(let text): name("@" + text)
        }
    }

    /// The affected accounts: lists have `handle`, or `handle: value` of another field.
    private static func accounts(of change: AuditChange, _ event: AuditEvent) -> [Reported] {
        if change.field == "accounts" {
            let handles = event[newAccounts]?.to.array ?? []
            return handles.compactMap { $0.string.map { Reported(handle: $0) } }
        }
        guard let new = change.to.array?.compactMap(\.string) else { return [] }
        if change.field == "handles" {
            let old = change.from?.array?.compactMap(\.string) ?? []
            return zip(old, new).map { Reported(handle: $0, news: .name(AuditWords.shortened($1))) }
        }
        return new.compactMap { text in
            guard let end = text.firstIndex(of: ":") else { return nil }
            let value = JSONValue.string(String(text[end...].dropFirst(2)))
            let news = change.field == "statuses" ? AuditWords.value(value, "status") : nil
            return Reported(handle: String(text[..<end]), news: news)
        }
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
