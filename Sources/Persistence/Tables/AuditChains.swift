package import Domain
internal import Formats

/// The chains of `audit_log` and their heads, for the operator's verification.
package struct AuditChains {
    package struct Name: Sendable, Equatable {
        /// 0 for the installation's chain.
        package let client: ClientID
        /// Nil for the installation's chain, and if the client's server is no longer registered.
        package let guild: GuildID?

        package var isInstallation: Bool { client.number == 0 }
    }

    /// The result of `dashboard.verify_audit_chain`, and whether the chain must exist.
    package struct Verdict: Sendable, Equatable {
        package let entries: Int64
        package let isSound: Bool
        /// Store it elsewhere: comparing it reveals even a chain that was rewritten completely.
        package let lastHash: [UInt8]?
    }

    private let connection: BlockingConnection

    /// The connection must be the owner's; from here on it reads across tenants.
    ///
    /// - Throws: `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws(DatabaseFailure) {
        self.connection = connection
        try connection.script("SET app.scope = 'all'")
    }

    /// Chain 0 first, then by client; also chains with only a head or only entries.
    package func names() throws(DatabaseFailure) -> [Name] {
        try connection.rows(
            """
            SELECT chains.client_id, g.guild_id
              FROM (SELECT client_id FROM audit_heads UNION SELECT client_id FROM audit_log
                    UNION SELECT id FROM clients UNION SELECT 0) chains
              LEFT JOIN guilds g ON g.client_id = chains.client_id
             ORDER BY chains.client_id
            """
        ).map { Name(client: $0.id(0), guild: $0.optionalID(1)) }
    }

    package func verdict(of chain: Name) throws(DatabaseFailure) -> Verdict {
        let row = try connection.rows(
            """
            SELECT entries, NOT (\(lacksBeginning(chain))) AND first_broken_id IS NULL
                       AND (head_matches OR entries = 0 AND NOT EXISTS (
                           SELECT FROM audit_heads WHERE client_id = \(chain.client) AND last_id > 0)), last_hash
              FROM dashboard.verify_audit_chain(\(chain.client))
            """)[0]
        return Verdict(entries: row.integer(0), isSound: row.boolean(1), lastHash: row.optionalData(2))
    }

    /// True if entries are missing that must exist.
    ///
    /// A server's chain begins with its registration, and the installation's chain has the sign-in of each session;
    /// both are written in the transaction that created the object.
    ///
    /// Compared by object, not by time, because clocks can be set back.
    private func lacksBeginning(_ chain: Name) -> SQL {
        if chain.isInstallation {
            return """
                EXISTS (SELECT FROM dashboard_sessions s WHERE NOT EXISTS (
                            SELECT FROM audit_log WHERE client_id = 0 AND target_type = \(AuditAction.signInAccepted.target)
                               AND target_id = s.id::text AND action = \(AuditAction.signInAccepted)))
                """
        }
        return """
            EXISTS (SELECT FROM clients WHERE id = \(chain.client)) AND NOT EXISTS (
                SELECT FROM audit_log WHERE client_id = \(chain.client) AND id = 1 AND action = \(AuditAction.guildJoined))
            """
    }

    /// The manipulations of a broken chain.
    package func breaks(of chain: Name) throws(DatabaseFailure) -> [AuditChain.Break] {
        let links = try connection.rows(
            """
            SELECT e.id, \(number), e.previous_hash, e.hash
              FROM audit_log e WHERE e.client_id = \(chain.client) ORDER BY e.id
            """
        ).map {
            AuditChain.Link(
                place: $0.integer(0), number: $0.optionalInteger(1), previousHash: $0.data(2), hash: $0.data(3))
        }
        let head = try connection.rows("SELECT last_id, last_hash FROM audit_heads WHERE client_id = \(chain.client)")
        let lacksBeginning = try connection.rows("SELECT \(lacksBeginning(chain))")[0].boolean(0)
        return AuditChain(
            links, head: head.first.map { .init(number: $0.integer(0), hash: $0.data(1)) },
            lacksBeginning: lacksBeginning
        ).breaks()
    }

    /// The id that matches the entry's hash: its own, or a neighbour's if the entry was moved.
    private let number: SQL = """
        CASE WHEN dashboard.audit_hash(e) = e.hash THEN e.id ELSE (
            SELECT moved.id FROM generate_series(greatest(e.id, 21) - 20, least(e.id, 9223372036854775787) + 20) AS moved (id)
             WHERE dashboard.audit_hash(ROW(
                       e.client_id, moved.id, e.created_at, e.actor_type, e.actor_id, e.guild_id, e.action,
                       e.target_type, e.target_id, e.changes, e.source, e.ip_address, e.previous_hash, e.hash
                   )::dashboard.audit_log) = e.hash
             ORDER BY abs(moved.id - e.id) LIMIT 1) END
        """
}
