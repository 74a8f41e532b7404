package import Domain
internal import Formats

/// The table `idempotency_keys`: requests that their clients may send again without having them carried out again.
package struct IdempotencyKeys: Sendable {
    /// How a request stands to the one that first came with its key.
    package enum Claim: Sendable, Equatable {
        /// It is the first.
        case first
        /// The same was answered, with this.
        case answered([UInt8])
        /// The same came within the last minute and is not answered yet.
        case underWay
        /// The same came long ago, and what became of it was never written down: the service was killed over it.
        case unknown
        /// It was another one.
        case other
    }

    private let user: UserID
    private let key: [UInt8]
    private let database: Database

    /// The key is the SHA-256 of what the client calls the request.
    package init(of user: UserID, key: [UInt8], _ database: Database) {
        self.user = user
        self.key = key
        self.database = database
    }

    /// Of many at once, one is the first.
    package func claim(request: [UInt8]) async throws(DatabaseFailure) -> Claim {
        let answers = try await database.rows([
            """
            INSERT INTO idempotency_keys (user_id, key_hash, request_hash) VALUES (\(user), \(key), \(request))
            ON CONFLICT DO NOTHING RETURNING 1
            """,
            """
            SELECT request_hash = \(request), answer_ciphertext, created_at > now() - interval '1 minute'
              FROM idempotency_keys WHERE user_id = \(user) AND key_hash = \(key)
            """,
        ])
        if answers[0].count > 0 { return .first }
        // Given up in between: as good as under way.
        guard let known = answers[1].first else { return .underWay }
        guard known.boolean(0) else { return .other }
        if !known.isNull(1) { return .answered(known.data(1)) }
        return known.boolean(2) ? .underWay : .unknown
    }

    package func keep(answer: [UInt8]) async throws(DatabaseFailure) {
        try await database.rows(
            """
            UPDATE idempotency_keys SET answer_ciphertext = \(answer) WHERE user_id = \(user) AND key_hash = \(key)
            """)
    }

    /// The request changed nothing: another may have its key.
    package func giveUp() async throws(DatabaseFailure) {
        try await database.rows("DELETE FROM idempotency_keys WHERE user_id = \(user) AND key_hash = \(key)")
    }
}
