internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The filters of the audit log in the query.
struct AuditQuery: Sendable {
    static let actor = QueryParameter<AuditFilter.Actor>(
        "actor", .string(), "The actor: a person's id, `key:` and the id of an API key, or `system`, `bot` or `user`",
        expects: "must be a person's id, key: and the id of an API key, or one of user, system, bot"
    ) { text in
        if let kind = AuditActor(rawValue: text) { return .kind(kind) }
        if text.hasPrefix(keyPrefix) { return APIKeyID(text.dropFirst(keyPrefix.utf8.count)).map { .key($0) } }
        return UserID(text).map(AuditFilter.Actor.person)
    }
    /// The prefix of an API key's id.
    static let keyPrefix = "key:"
    static let action = word("action", "The action, such as `settings.updated`", allowsDots: true)
    static let targetType = word("targetType", "The type of the object, such as `account`", allowsDots: false)
    static let from = QueryParameter<CalendarDay>.day("from", "The first day, in the server's time zone")
    static let to = QueryParameter<CalendarDay>.day("to", "The last day, in the server's time zone")

    static let parameters = [
        actor.description, action.description, targetType.description, from.description, to.description,
    ]

    let filter: AuditFilter
    /// The error of the first day; nil if the days are in order.
    let fault: String?

    /// - Throws: `malformed` with the parameter's name, `invalid` if `from` is after `to`.
    init(_ call: Call) throws(Rejection) {
        self = try Self.asked(call)
        try call.requireOrder(Self.from, filter.from, Self.to, filter.to)
    }

    /// The filters of a page, which shows the fault of the days beside them.
    static func asked(_ call: Call) throws(Rejection) -> AuditQuery { try AuditQuery(asked: call) }

    private init(asked call: Call) throws(Rejection) {
        var filter = AuditFilter()
        filter.actor = try call.query(Self.actor)
        filter.action = try call.query(Self.action)
        filter.targetType = try call.query(Self.targetType)
        filter.from = try call.query(Self.from)
        filter.to = try call.query(Self.to)
        self.filter = filter
        fault = CalendarDay.fault(from: filter.from, to: filter.to)
    }

    private static func word(
        _ name: StaticString, _ summary: StaticString, allowsDots: Bool
    ) -> QueryParameter<String> {
        QueryParameter(
            name, .text(maximum: 64), summary,
            expects: "must be at most 64 small letters, \(allowsDots ? "dots and " : "")underscores"
        ) { text in
            let isAllowed = { (byte: UInt8) in
                (97...122).contains(byte) || byte == UInt8(ascii: "_") || allowsDots && byte == UInt8(ascii: ".")
            }
            return text.utf8.count <= 64 && text.utf8.allSatisfy(isAllowed) ? text : nil
        }
    }
}

extension CalendarDay {
    /// The error of the first day of a filter; nil if the days are in order.
    static func fault(from: CalendarDay?, to: CalendarDay?) -> String? {
        guard let from, let to, from > to else { return nil }
        return "must not be after the last day, \(to)"
    }
}
