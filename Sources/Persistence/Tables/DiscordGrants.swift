package import Domain
package import Formats

/// A person's Discord tokens, encrypted, and the schedule for reading their guilds.
package enum DiscordGrants {
    /// Encrypted tokens.
    package struct Tokens: Sendable {
        package let access: [UInt8]
        package let refresh: [UInt8]?
        package let seconds: Int64

        package init(access: [UInt8], refresh: [UInt8]?, seconds: Int64) {
            self.access = access
            self.refresh = refresh
            self.seconds = seconds
        }
    }

    /// A lease to read a person's guild list.
    package struct Claim: Sendable {
        package let access: [UInt8]
        package let isExpired: Bool
        /// By the database's clock.
        package let since: Timestamp
    }

    package enum Outcome: Sendable {
        case read([DiscordGuild])
        /// Retry after these seconds.
        case rateLimited(seconds: Int)
        case unavailable(seconds: Int)
        /// Discord has revoked the tokens.
        case revoked
    }

    /// - Throws: `DatabaseFailure`.
    package static func store(_ tokens: Tokens, of user: UserID, _ transaction: Transaction) async throws {
        try await transaction.rows(
            """
            UPDATE users SET access_token_ciphertext = \(tokens.access), refresh_token_ciphertext = \(tokens.refresh),
                             token_expires_at = now() + \(tokens.seconds) * interval '1 s'
             WHERE id = \(user)
            """)
    }

    /// Nil if the list is younger than 15 minutes, Discord asked to wait, there is no token, or another process reads
    /// it.
    ///
    /// The lease expires after a minute, so that another process can retry if this one crashes.
    package static func claim(_ user: UserID, _ database: Database) async throws(DatabaseFailure) -> Claim? {
        let answer = try await database.rows(
            """
            WITH due AS (
                SELECT id FROM users
                 WHERE id = \(user) AND access_token_ciphertext IS NOT NULL
                   AND (guilds_read_at IS NULL OR guilds_read_at <= now() - interval '15 minutes')
                   AND (guilds_retry_at IS NULL OR guilds_retry_at <= now())
                   FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE users SET guilds_retry_at = now() + interval '1 minute' FROM due WHERE users.id = due.id
            RETURNING \(claimColumns)
            """)
        return try claimColumns.first(answer)
    }

    private static let claimColumns = Columns("users") { row throws(DatabaseFailure) in
        try Claim(
            access: row("access_token_ciphertext"), isExpired: row("token_expires_at <= now() + interval '1 minute'"),
            since: row("now()"))
    }

    /// The refresh token, with the row locked until the transaction ends, because the token can be used only once.
    ///
    /// The inner nil means no token; the outer nil means that another session holds the lock.
    ///
    /// - Throws: `DatabaseFailure`.
    package static func lockRefreshToken(
        of user: UserID, _ transaction: Transaction
    ) async throws -> [UInt8]?? {
        try await transaction.rows(
            "SELECT refresh_token_ciphertext FROM users WHERE id = \(user) FOR NO KEY UPDATE SKIP LOCKED"
        ).first("refresh_token_ciphertext", of: "users")
    }

    /// Deletes the tokens permanently, and with them all access to the person's Discord account.
    ///
    /// - Returns: nil if there were none.
    package static func forget(_ user: UserID, _ database: Database) async throws(DatabaseFailure) -> [UInt8]? {
        let answer = try await database.rows(
            """
            WITH kept AS (SELECT id, refresh_token_ciphertext FROM users WHERE id = \(user) FOR NO KEY UPDATE)
            UPDATE users SET \(change(.revoked)) FROM kept WHERE users.id = kept.id
            RETURNING kept.refresh_token_ciphertext
            """)
        return try answer.first("refresh_token_ciphertext", of: "users", as: [UInt8]?.self) ?? nil
    }

    /// Records the result of a reading, unless the person has signed in since it began, because a sign-in has newer
    /// data.
    ///
    /// - Returns: true if it was recorded.
    ///
    /// - Throws: `DatabaseFailure`.
    @discardableResult
    package static func record(
        _ outcome: Outcome, of user: UserID, since: Timestamp?, _ transaction: Transaction
    ) async throws -> Bool {
        let row = try await transaction.rows(
            """
            UPDATE users SET \(change(outcome))
             WHERE id = \(user) AND (\(since) IS NULL OR last_sign_in_at <= \(since)) RETURNING id
            """
        ).first
        guard row != nil else { return false }
        if case .read(let guilds) = outcome { try await Users.replaceGuilds(of: user, guilds, transaction) }
        return true
    }

    private static func change(_ outcome: Outcome) -> SQL {
        switch outcome {
        case .read: "guilds_source_state = 'current', guilds_read_at = now(), guilds_retry_at = NULL"
        case .rateLimited(let seconds):
            "guilds_source_state = 'rate_limited', guilds_retry_at = now() + \(seconds) * interval '1 s'"
        case .unavailable(let seconds):
            "guilds_source_state = 'unavailable', guilds_retry_at = now() + \(seconds) * interval '1 s'"
        case .revoked:
            """
            guilds_source_state = 'revoked', guilds_retry_at = NULL, access_token_ciphertext = NULL,
            refresh_token_ciphertext = NULL, token_expires_at = NULL
            """
        }
    }
}
