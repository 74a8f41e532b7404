package import Formats

package struct AuditLogEntry: Sendable, Equatable {
    package let id: Int64
    package let created: Timestamp
    package let actorType: AuditActor
    /// Nil unless the actor is a person.
    package let actor: UserID?
    /// The API key of the bot; nil for people, and for a bot that used SQL.
    package let key: APIKeyID?
    /// The name of the person or key; nil for an unknown person, and for an installation's key.
    package let actorName: String?
    package let action: String
    package let targetType: String
    package let target: String?
    /// The present name of the target; nil if it is deleted or has none.
    package let targetName: String?
    /// The present names of the groups and brands in `changes`: JSON of `groupId` and `brandId`, each by id.
    package let references: String
    /// JSON, truncated to `longestChanges`: `omitted` counts the items left out.
    package let changes: String
    package let source: String
    package let address: String?

    package init(
        id: Int64, created: Timestamp, actorType: AuditActor, actor: UserID?, key: APIKeyID?, actorName: String?,
        action: String, targetType: String, target: String?, targetName: String?, references: String,
        changes: String, source: String, address: String?
    ) {
        self.id = id
        self.created = created
        self.actorType = actorType
        self.actor = actor
        self.key = key
        self.actorName = actorName
        self.action = action
        self.targetType = targetType
        self.target = target
        self.targetName = targetName
        self.references = references
        self.changes = changes
        self.source = source
        self.address = address
    }
}

package struct AuditFilter: Sendable, Equatable {
    package enum Actor: Sendable, Equatable {
        case person(UserID)
        case key(APIKeyID)
        case kind(AuditActor)
    }

    package var actor: Actor?
    package var action: String?
    package var targetType: String?
    /// Days in the guild's time zone, both included.
    package var from: CalendarDay?
    package var to: CalendarDay?
    package init() {}
}
