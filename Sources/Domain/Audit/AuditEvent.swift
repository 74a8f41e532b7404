package import Formats

/// The kind of actor.
package enum AuditActor: String, CaseIterable, Sendable { case user, system, bot }

/// One audited change, with the data that its sentence needs.
package struct AuditEvent: Sendable {
    package let actor: AuditActor
    /// The person's name; nil for a bot, the system, and unknown people.
    package let actorName: String?
    /// As stored: a newer version may have written an action that `AuditAction` lacks.
    package let action: String
    package let target: String?
    /// The present name of the target, if it still exists.
    package let targetName: String?
    /// The present names of groups and brands, by field and id.
    package let references: JSONValue?
    package let source: String
    package let changes: [AuditChange]
    /// The number of changes that the entry omits, because there were too many.
    package let omitted: Int64

    package init(
        actor: AuditActor, actorName: String?, action: String, target: String?, targetName: String? = nil,
        references: JSONValue? = nil, source: String, changes: [AuditChange]
    ) {
        self.actor = actor
        self.actorName = actorName
        self.action = action
        self.target = target
        self.targetName = targetName
        self.references = references
        self.source = source
        self.changes = changes.filter { !$0.isOmission }
        omitted = changes.first(where: \.isOmission)?.to.int64 ?? 0
    }

    package subscript(field: String) -> AuditChange? { changes.first { $0.field.hasSameBytes(as: field) } }
}

/// One member of an entry's `changes`.
package struct AuditChange: Equatable, Sendable {
    package let field: String
    /// Nil if only the new value was recorded.
    package let from: JSONValue?
    package let to: JSONValue

    /// The database adds `omitted` to truncated entries: the number of list items left out.
    fileprivate var isOmission: Bool { field.hasSameBytes(as: "omitted") && from == nil && to.int64 ?? 0 > 0 }

    /// Reads `{"field": {"from": …, "to": …}}`, `{"field": [from, to]}` and `{"field": value}`, in any mixture.
    package static func read(_ changes: JSONValue) -> [AuditChange] {
        guard case .object(let members) = changes else { return [] }
        return members.map { member in
            if case .object(let pair) = member.value, pair.count == 2, let from = member.value["from"],
                let to = member.value["to"]
            {
                return AuditChange(field: member.name, from: from, to: to)
            }
            if case .array(let pair) = member.value, pair.count == 2, pair.contains(where: { $0 != pair[0] }) {
                return AuditChange(field: member.name, from: pair[0], to: pair[1])
            }
            return AuditChange(field: member.name, from: nil, to: member.value)
        }
    }
}
