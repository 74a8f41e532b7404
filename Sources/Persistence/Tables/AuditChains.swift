package import Domain
internal import Formats

/// The chains of `audit_log` and their heads, as the operator verifies them from the command line.
package struct AuditChains {
    package struct Name: Sendable, Equatable {
        /// 0 for the installation's own chain.
        package let client: ClientID
        /// Nil for the installation's chain, and where no server is registered for the client any more.
        package let guild: GuildID?

        package var isInstallation: Bool { client.number == 0 }
    }

    /// What `dashboard.verify_audit_chain` says, and whether there should be a chain at all.
    package struct Verdict: Sendable, Equatable {
        package let entries: Int64
        package let isSound: Bool
        /// To be kept elsewhere: against it even a chain that was written anew as a whole shows.
        package let lastHash: [UInt8]?
    }

    private let connection: BlockingConnection

    /// The connection is the owner's: it looks across tenants from here on.
    ///
    /// - Throws: `DatabaseFailure`.
    package init(_ connection: BlockingConnection) throws(DatabaseFailure) {
        self.connection = connection
        try connection.script("SET app.scope = 'all'")
    }

    /// Chain 0 first, then by client; also those of which only the head or only entries are left.
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

    /// Whether entries are missing that must have been written: a server's chain begins with its registration, and the
    /// installation's has the sign-in of each session, both written in the transaction that made what they are about.
    ///
    /// By what they are about, not by time: clocks are set back.
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

    /// What was done to a chain that is not sound.
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

    /// The id under which an entry has its hash: its own, or one of its neighbours', if it was moved.
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
