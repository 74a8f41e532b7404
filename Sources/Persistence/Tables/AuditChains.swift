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
        let answer = try connection.rows(
            """
            SELECT \(Self.nameColumns)
              FROM (SELECT client_id FROM audit_heads UNION SELECT client_id FROM audit_log
                    UNION SELECT id FROM clients UNION SELECT 0) chains
              LEFT JOIN guilds g ON g.client_id = chains.client_id
             ORDER BY chains.client_id
            """)
        return try Self.nameColumns.all(answer)
    }

    private static let nameColumns = Columns("audit_heads") { row throws(DatabaseFailure) in
        try Name(client: row("chains.client_id"), guild: row("g.guild_id"))
    }

    package func verdict(of chain: Name) throws(DatabaseFailure) -> Verdict {
        let answer = try connection.rows(
            """
            SELECT \(Self.verdictColumns)
              FROM (SELECT entries, NOT (\(lacksBeginning(chain))) AND first_broken_id IS NULL
                               AND (head_matches OR entries = 0 AND NOT EXISTS (
                                   SELECT FROM audit_heads WHERE client_id = \(chain.client) AND last_id > 0)) AS is_sound,
                           last_hash
                      FROM dashboard.verify_audit_chain(\(chain.client))) verdict
            """)
        return try Self.verdictColumns.row(0, of: answer)
    }

    private static let verdictColumns = Columns("verify_audit_chain") { row throws(DatabaseFailure) in
        try Verdict(entries: row("entries"), isSound: row("is_sound"), lastHash: row("last_hash"))
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
            "SELECT \(Self.link) FROM audit_log e WHERE e.client_id = \(chain.client) ORDER BY e.id")
        let head = try connection.rows("SELECT \(Self.head) FROM audit_heads WHERE client_id = \(chain.client)")
        let lacksBeginning: Bool = try connection.rows("SELECT \(lacksBeginning(chain))")
            .only("lacks its beginning", of: "audit_log")
        return AuditChain(
            try Self.link.all(links), head: try Self.head.first(head), lacksBeginning: lacksBeginning
        ).breaks()
    }

    private static let link = Columns("audit_log") { row throws(DatabaseFailure) in
        try AuditChain.Link(
            place: row("e.id"), number: row(number), previousHash: row("e.previous_hash"), hash: row("e.hash"))
    }

    private static let head = Columns("audit_heads") { row throws(DatabaseFailure) in
        try AuditChain.Head(number: row("last_id"), hash: row("last_hash"))
    }

    /// The id that matches the entry's hash: its own, or a neighbour's if the entry was moved.
    private static let number: SQL = """
        CASE WHEN dashboard.audit_hash(e) = e.hash THEN e.id ELSE (
            SELECT moved.id FROM generate_series(greatest(e.id, 21) - 20, least(e.id, 9223372036854775787) + 20) AS moved (id)
             WHERE dashboard.audit_hash(ROW(
                       e.client_id, moved.id, e.created_at, e.actor_type, e.actor_id, e.guild_id, e.action,
                       e.target_type, e.target_id, e.changes, e.source, e.ip_address, e.previous_hash, e.hash
                   )::dashboard.audit_log) = e.hash
             ORDER BY abs(moved.id - e.id) LIMIT 1) END
        """
}
