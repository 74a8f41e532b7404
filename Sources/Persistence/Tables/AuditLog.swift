package import Domain
package import Formats

/// The table `audit_log` for the admins of a guild.
package enum AuditLog {
    package struct Entry: Sendable, Equatable {
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
        /// JSON, truncated to `longestChanges`: `omitted` counts the items left out.
        package let changes: String
        package let source: String
        package let address: String?
    }

    package struct Filter: Sendable, Equatable {
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

    /// Maximum characters of JSON read for one entry, because a page of them must fit into memory.
    package static let longestChanges = 20_000

    private static let columns: SQL = """
        e.id, e.created_at, e.actor_type, CASE e.actor_type WHEN 'user' THEN e.actor_id END,
        coalesce(u.global_name, u.username, k.name), e.action, e.target_type, e.target_id,
        CASE WHEN length(e.changes::text) <= \(longestChanges) THEN e.changes::text
             ELSE cut_changes(e.changes, \(longestChanges)::int)::text END, e.source, host(e.ip_address),
        CASE e.actor_type WHEN 'bot' THEN e.actor_id END
        """

    private static let actors: SQL = """
        LEFT JOIN users u ON e.actor_type = 'user' AND u.id = e.actor_id
        LEFT JOIN api_keys k ON e.actor_type = 'bot' AND k.client_id = e.client_id AND k.id = e.actor_id
        """

    /// Newest first.
    package static func page(_ filter: Filter, _ slice: Slice) -> Query<Page<Entry>> {
        Query { access in
            """
            SELECT \(columns) FROM audit_log e \(actors)
             WHERE e.client_id = \(access.client)\(conditions(filter, access))\(after(slice.position))
             ORDER BY e.id DESC \(slice.rowLimit)
            """
        } value: { rows in
            Page(rows, slice, item: entry) { Position(key: .integer($0.integer(0)), id: $0.integer(0)) }
        }.slow(if: filter != Filter())
    }

    package static func count(_ filter: Filter) -> Query<RowCount> {
        Query { access in
            RowCount.statement(
                "FROM audit_log e WHERE e.client_id = \(access.client)\(conditions(filter, access))")
        } value: { rows in
            RowCount(rows[0].int(0))
        }.slow(if: filter != Filter())
    }

    private static func after(_ position: Position?) -> SQL {
        position.map { " AND e.id < \($0.integer)" } ?? ""
    }

    private static func conditions(_ filter: Filter, _ access: GuildAccess) -> SQL {
        var sql: SQL = ""
        switch filter.actor {
        case .person(let user): sql += " AND e.actor_id = \(user) AND e.actor_type = 'user'"
        case .key(let key): sql += " AND e.actor_id = \(key) AND e.actor_type = 'bot'"
        case .kind(let kind): sql += " AND e.actor_type = \(kind)"
        case nil: break
        }
        if let action = filter.action { sql += " AND e.action = \(action)" }
        if let type = filter.targetType { sql += " AND e.target_type = \(type)" }
        if let from = filter.from { sql += " AND e.created_at >= \(GuildTime.start(of: from, in: access))" }
        if let to = filter.to { sql += " AND e.created_at < \(GuildTime.start(of: to.adding(days: 1), in: access))" }
        return sql
    }

    private static func entry(_ row: Row) -> Entry {
        Entry(
            id: row.integer(0), created: row.timestamp(1), actorType: row.vocabulary(2, default: .system),
            actor: row.optionalID(3), key: row.optionalID(11), actorName: row.optionalText(4), action: row.text(5),
            targetType: row.text(6),
            target: row.optionalText(7), changes: row.text(8), source: row.text(9),
            address: row.optionalText(10))
    }

    // MARK: Choices

    /// The values among the newest entries, as options of the filters.
    package struct Choices: Sendable, Equatable {
        package let people: [(id: UserID, name: String?)]
        /// Keys of bots; an installation's key has no name here.
        package let keys: [(id: APIKeyID, name: String?)]
        package let actions: [String]
        package let targetTypes: [String]

        package static func == (left: Choices, right: Choices) -> Bool {
            left.people.map(\.id) == right.people.map(\.id) && left.keys.map(\.id) == right.keys.map(\.id)
                && left.actions == right.actions
                && left.targetTypes == right.targetTypes
        }
    }

    private static func newest(_ access: GuildAccess) -> SQL {
        """
        (SELECT actor_type, actor_id, action, target_type FROM audit_log WHERE client_id = \(access.client)
          ORDER BY id DESC LIMIT 2000) AS newest
        """
    }

    package static let choices = Query<Choices> { access in
        [
            """
            SELECT actors.actor_id, coalesce(u.global_name, u.username)
              FROM (SELECT DISTINCT actor_id FROM \(newest(access)) WHERE actor_type = 'user') actors
              LEFT JOIN users u ON u.id = actors.actor_id
             ORDER BY lower(coalesce(u.global_name, u.username)), actors.actor_id LIMIT 200
            """,
            """
            SELECT actors.actor_id, k.name
              FROM (SELECT DISTINCT actor_id FROM \(newest(access)) WHERE actor_type = 'bot' AND actor_id IS NOT NULL) actors
              LEFT JOIN api_keys k ON k.client_id = \(access.client) AND k.id = actors.actor_id
             ORDER BY k.name, actors.actor_id LIMIT 100
            """,
            "SELECT DISTINCT action FROM \(newest(access)) ORDER BY action",
            "SELECT DISTINCT target_type FROM \(newest(access)) ORDER BY target_type",
        ]
    } value: { answers in
        let first = answers.startIndex
        return Choices(
            people: answers[first].map { ($0.id(0), $0.optionalText(1)) },
            keys: answers[first + 1].map { ($0.id(0), $0.optionalText(1)) },
            actions: answers[first + 2].map { $0.text(0) }, targetTypes: answers[first + 3].map { $0.text(0) })
    }
}

extension AuditActor: SQLConvertible {}

extension AuditLog.Entry {
    /// The content of the sentence about it.
    package var event: AuditEvent {
        let json = try? JSONParser.parse(Array(changes.utf8))
        return AuditEvent(
            actor: actorType, actorName: actorName ?? actor.map { "the person \($0)" }, action: action, target: target,
            source: source, changes: json.map(AuditChange.read) ?? [])
    }
}
