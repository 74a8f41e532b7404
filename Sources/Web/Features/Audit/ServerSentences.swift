internal import Domain
internal import Formats

/// Sentences about the server itself: the bot joins and leaves it, and its admins change its settings.
extension AuditSentence {
    mutating func joined(_ event: AuditEvent) {
        words(event.actor == .bot ? " joined the server" : " registered the server")
        guard let name = event["name"]?.to.string else { return }
        words(" ")
        self.name(AuditWords.shortened(name))
    }

    mutating func foundServer(_ event: AuditEvent) {
        if let name = event["name"] {
            words(" found the server renamed")
            guard let from = name.from else { return }
            words(" from ")
            value(from, "name")
            words(" to ")
            value(name.to, "name")
        } else {
            words(event["icon"] == nil ? " found the server changed" : " found a new picture of the server")
        }
    }

    mutating func settings(_ event: AuditEvent) {
        let changes = event.changes
        if changes.isEmpty { words(" saved the settings") } else { words(" ") }
        // jsonb does not keep the order, so they are listed in the order of the page.
        let order = Setting.all.map(\.key)
        let known = order.compactMap { field in changes.first { $0.field.hasSameBytes(as: field) } }
        list(known + changes.filter { !order.contains($0.field) }) { sentence, change in sentence.setting(change, event)
        }
    }

    private mutating func setting(_ change: AuditChange, _ event: AuditEvent) {
        let field = AuditWords.field(change.field)
        switch (change.to, change.field) {
        case (.bool(let isOn), _): words("switched \(field) \(isOn ? "on" : "off")")
        case (.null, Setting.alertWebhook.key): words("removed the \(field)")
        case (_, Setting.alertWebhook.key): words("\(change.from == .null ? "set" : "replaced") the \(field)")
        default:
            words("changed ")
            steps([change], of: event, before: "")
        }
    }
}

/// Sentences about access: guests and API keys.
extension AuditSentence {
    mutating func gaveAccess(_ event: AuditEvent) {
        words(" gave ")
        guest(event)
        words(" access")
        if let level = event["level"]?.to.string { words(" as \(AuditWords.field(level))") }
        if let end = AuditWords.time(event["endsAt"]?.to, in: zone) { words(" until \(end)") }
    }

    mutating func endedAccess(_ event: AuditEvent) {
        words(" ended the access of ")
        guest(event)
    }

    mutating func rotatedKey(_ event: AuditEvent) {
        key(event, " replaced the API key ")
        if let end = AuditWords.time(event["oldKeyEndsAt"]?.to, in: zone) { words("; the old one works until \(end)") }
    }

    private mutating func guest(_ event: AuditEvent) {
        if let known = event["userName"]?.to.string {
            name(AuditWords.shortened(known))
        } else {
            words("the person ")
            name(AuditWords.shortened(event["userId"]?.to.string ?? event.target ?? "?"))
        }
    }

    mutating func key(_ event: AuditEvent, _ opening: String) {
        words(opening)
        name(AuditWords.shortened(event["name"]?.to.string ?? event.target ?? "?"))
    }
}
