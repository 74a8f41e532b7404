package import Domain
internal import Formats

/// The table `audit_log` for the admins of a guild.
package enum AuditLog {
    /// Maximum characters of JSON read for one entry, because a page of them must fit into memory.
    package static let longestChanges = 20_000

    private static let columns = Columns("audit_log") { row throws(DatabaseFailure) in
        try AuditLogEntry(
            id: row("e.id"), created: row("e.created_at"), actorType: row("e.actor_type"),
            actor: row("CASE e.actor_type WHEN 'user' THEN e.actor_id END"),
            key: row("CASE e.actor_type WHEN 'bot' THEN e.actor_id END"),
            actorName: row("coalesce(u.global_name, u.username, k.name)"), action: row("e.action"),
            targetType: row("e.target_type"), target: row("e.target_id"), targetName: row(targetName),
            references: row(references),
            changes: row(
                """
                CASE WHEN length(e.changes::text) <= \(longestChanges) THEN e.changes::text
                     ELSE cut_changes(e.changes, \(longestChanges)::int)::text END
                """),
            source: row("e.source"), address: row("host(e.ip_address)"))
    }

    /// Targets of other types are named by their changes.
    private static let targetName: SQL = """
        CASE e.target_type
            WHEN 'account' THEN (SELECT '@' || a.handle FROM client_accounts a
                                  WHERE a.client_id = e.client_id AND a.id = audit_number(e.target_id))
            WHEN 'group' THEN (SELECT g.name FROM account_groups g
                                WHERE g.client_id = e.client_id AND g.id = audit_number(e.target_id))
            WHEN 'brand' THEN (SELECT b.name FROM brands b
                                WHERE b.client_id = e.client_id AND b.id = audit_number(e.target_id))
        END
        """

    /// `to_jsonb` of no row is NULL, and missing members cost no lookup.
    private static let references: SQL = """
        CASE WHEN e.changes ?| '{groupId,brandId}' THEN jsonb_build_object(
            'groupId', (SELECT jsonb_object_agg(g.id, b.name || ': ' || g.name)
                          FROM account_groups g JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
                         WHERE g.client_id = e.client_id AND g.id IN (
                               audit_number(audit_side(e.changes -> 'groupId', 'from')),
                               audit_number(audit_side(e.changes -> 'groupId', 'to')))),
            'brandId', (SELECT jsonb_object_agg(b.id, b.name) FROM brands b
                         WHERE b.client_id = e.client_id AND b.id IN (
                               audit_number(audit_side(e.changes -> 'brandId', 'from')),
                               audit_number(audit_side(e.changes -> 'brandId', 'to')))))::text
             ELSE '{}' END
        """

    private static let actors: SQL = """
        LEFT JOIN users u ON e.actor_type = 'user' AND u.id = e.actor_id
        LEFT JOIN api_keys k ON e.actor_type = 'bot' AND k.client_id = e.client_id AND k.id = e.actor_id
        """

    /// Newest first.
    package static func page(_ filter: AuditFilter, _ slice: Slice) -> Query<Page<AuditLogEntry>> {
        Query { access in
            """
            SELECT \(columns) FROM audit_log e \(actors)
             WHERE e.client_id = \(access.client)\(conditions(filter, access))\(after(slice))
             ORDER BY e.id \(slice.direction(descending: true)) \(slice.rowLimit)
            """
        } value: { rows throws(DatabaseFailure) in
            try Page(rows, slice, columns) { Position(key: .integer($0.id), id: $0.id) }
        }.slow()
    }

    package static func count(_ filter: AuditFilter) -> Query<RowCount> {
        Query { access in
            RowCount.statement(
                "FROM audit_log e WHERE e.client_id = \(access.client)\(conditions(filter, access))")
        } value: { rows throws(DatabaseFailure) in
            RowCount(try rows.only("count(*)", of: "audit_log"))
        }.slow(if: filter != AuditFilter())
    }

    private static func after(_ slice: Slice) -> SQL {
        slice.position.map { " AND e.id \(slice.comparison(descending: true)) \($0.integer)" } ?? ""
    }

    private static func conditions(_ filter: AuditFilter, _ access: GuildAccess) -> SQL {
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
            SELECT \(person)
              FROM (SELECT DISTINCT actor_id FROM \(newest(access)) WHERE actor_type = 'user') actors
              LEFT JOIN users u ON u.id = actors.actor_id
             ORDER BY lower(coalesce(u.global_name, u.username)), actors.actor_id LIMIT 200
            """,
            """
            SELECT \(key)
              FROM (SELECT DISTINCT actor_id FROM \(newest(access)) WHERE actor_type = 'bot' AND actor_id IS NOT NULL) actors
              LEFT JOIN api_keys k ON k.client_id = \(access.client) AND k.id = actors.actor_id
             ORDER BY k.name, actors.actor_id LIMIT 100
            """,
            "SELECT DISTINCT action FROM \(newest(access)) ORDER BY action",
            "SELECT DISTINCT target_type FROM \(newest(access)) ORDER BY target_type",
        ]
    } value: { answers throws(DatabaseFailure) in
        let first = answers.startIndex
        return Choices(
            people: try person.all(answers[first]), keys: try key.all(answers[first + 1]),
            actions: try answers[first + 2].each("action", of: "audit_log"),
            targetTypes: try answers[first + 3].each("target_type", of: "audit_log"))
    }

    private static let person = Columns("audit_log") { row throws(DatabaseFailure) in
        (
            id: try row("actors.actor_id", as: UserID.self),
            name: try row("coalesce(u.global_name, u.username)", as: String?.self)
        )
    }

    private static let key = Columns("audit_log") { row throws(DatabaseFailure) in
        (id: try row("actors.actor_id", as: APIKeyID.self), name: try row("k.name", as: String?.self))
    }
}

extension AuditActor: SQLConvertible {}

extension AuditLogEntry {
    /// The content of the sentence about it.
    package var event: AuditEvent {
        let json = try? JSONParser.parse(Array(changes.utf8))
        return AuditEvent(
            actor: actorType, actorName: actorName ?? actor.map { "the person \($0)" }, action: action, target: target,
            targetName: targetName, references: try? JSONParser.parse(Array(references.utf8)), source: source,
            changes: json.map(AuditChange.read) ?? [])
    }
}
