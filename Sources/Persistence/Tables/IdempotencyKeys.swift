package import Domain

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
            SELECT \(Self.known)
              FROM (SELECT request_hash = \(request) AS is_same, answer_ciphertext, created_at FROM idempotency_keys
                     WHERE user_id = \(user) AND key_hash = \(key)) known
            """,
        ])
        if answers[0].count > 0 { return .first }
        // Given up in between: as good as under way.
        guard let known = try Self.known.first(answers[1]) else { return .underWay }
        guard known.isSame else { return .other }
        if let answer = known.answer { return .answered(answer) }
        return known.isRecent ? .underWay : .unknown
    }

    private static let known = Columns("idempotency_keys") { row throws(DatabaseFailure) in
        (
            isSame: try row("is_same", as: Bool.self), answer: try row("answer_ciphertext", as: [UInt8]?.self),
            isRecent: try row("created_at > now() - interval '1 minute'", as: Bool.self)
        )
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
