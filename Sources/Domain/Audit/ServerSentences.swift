internal import Formats

/// What happens to the server itself: it comes, goes, and its admins decide.
extension AuditSentence {
    mutating func tellServer(_ event: AuditEvent) -> Bool {
        switch event.action {
        case "guild.joined":
            words(event.actor == .bot ? " joined the server" : " registered the server")
            if let name = event["name"]?.to.string {
                words(" ")
                self.name(AuditWords.shortened(name))
            }
        case "guild.rejoined":
            words(event.actor == .bot ? " came back to the server" : " registered the server again")
        case "guild.left": words(" left the server")
        case "guild.updated": tellProfile(event)
        case "settings.updated", "settings.changed": tellSettings(event.changes)
        default: return false
        }
        return true
    }

    private mutating func tellProfile(_ event: AuditEvent) {
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

    private mutating func tellSettings(_ changes: [AuditChange]) {
        if changes.isEmpty { words(" saved the settings") } else { words(" ") }
        // jsonb keeps no order: they are told in the order of the page.
        let order = SettingsField.allCases.map(\.rawValue)
        let known = order.compactMap { field in changes.first { $0.field.hasSameBytes(as: field) } }
        list(known + changes.filter { !order.contains($0.field) }) { sentence, change in sentence.tellSetting(change) }
    }

    private mutating func tellSetting(_ change: AuditChange) {
        let field = AuditWords.field(change.field)
        switch (change.to, change.field) {
        case (.bool(let isOn), _): words("switched \(field) \(isOn ? "on" : "off")")
        case (.null, "alertWebhookUrl"): words("removed the \(field)")
        case (_, "alertWebhookUrl"): words("\(change.from == .null ? "set" : "replaced") the \(field)")
        default:
            words("changed ")
            steps([change], before: "")
        }
    }
}

/// Who may come in: guests, and programs with keys.
extension AuditSentence {
    mutating func tellAccess(_ event: AuditEvent) -> Bool {
        switch event.action {
        case "access.given":
            words(" gave ")
            guest(event)
            words(" access")
            if let level = event["level"]?.to.string { words(" as \(AuditWords.field(level))") }
            if let end = AuditWords.time(event["endsAt"]?.to) { words(" until \(end)") }
        case "access.ended":
            words(" ended the access of ")
            guest(event)
        case "api_key.created": key(event, " made the API key ")
        case "api_key.revoked": key(event, " revoked the API key ")
        case "api_key.rotated":
            key(event, " replaced the API key ")
            if let end = AuditWords.time(event["oldKeyEndsAt"]?.to) { words("; the old one works until \(end)") }
        default: return false
        }
        return true
    }

    private mutating func guest(_ event: AuditEvent) {
        if let known = event["userName"]?.to.string {
            name(AuditWords.shortened(known))
        } else {
            words("the person ")
            name(AuditWords.shortened(event["userId"]?.to.string ?? event.target ?? "?"))
        }
    }

    private mutating func key(_ event: AuditEvent, _ opening: String) {
        words(opening)
        name(AuditWords.shortened(event["name"]?.to.string ?? event.target ?? "?"))
    }
}
