package import Domain
import Formats
internal import Persistence

/// Reads the audit log as the service may.
package enum AuditTrail {
    package struct Entry: Sendable, Equatable {
        package let action: String
        package let actor: UserID?
        package let target: String?
        package let changes: String
        package let source: String
        package let address: String?

        package init(
            _ action: String, by actor: UserID?, on target: String?, changes: String = "{}", source: String,
            address: String? = "127.0.0.1"
        ) {
            self.action = action
            self.actor = actor
            self.target = target
            self.changes = changes
            self.source = source
            self.address = address
        }
    }

    /// The installation's entries about a target, oldest first.
    package static func installation(about type: String, _ target: String) async throws -> [Entry] {
        try await read(ClientID(number: 0), "target_type = \(type) AND target_id = \(target)")
    }

    /// The installation's entries from an address.
    package static func installation(from address: String) async throws -> [Entry] {
        try await read(ClientID(number: 0), "ip_address = \(address)::inet")
    }

    package static func entries(of client: ClientID) async throws -> [Entry] { try await read(client, "true") }

    private static func read(_ client: ClientID, _ condition: SQL) async throws -> [Entry] {
        let access = try Cast.access(UserID(number: 1), client, GuildID(number: 1), .admin)
        return try await ask { database in
            try await database.rows(
                """
                SELECT action, actor_id, target_id, changes::text, source, host(ip_address) FROM audit_log
                 WHERE \(condition) ORDER BY id
                """, in: access
            ).map { row in
                Entry(
                    row.text(0), by: row.optionalID(1), on: row.optionalText(2), changes: row.text(3),
                    source: row.text(4), address: row.optionalText(5))
            }
        }
    }
}
