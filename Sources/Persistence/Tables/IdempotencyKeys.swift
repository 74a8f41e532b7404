package import Domain
internal import Formats

/// The table `idempotency_keys`: requests that clients may repeat without a second execution.
package struct IdempotencyKeys: Sendable {
    /// The state of the request that first used the key.
    package enum Claim: Sendable, Equatable {
        /// This request is the first.
        case first
        /// The same request was completed, with this response.
        case answered([UInt8])
        /// The same request began within the last minute and is in progress.
        case underWay
        /// The same request began earlier and its result was never recorded, because the service was killed.
        case unknown
        /// Another request used the key.
        case other
    }

    private let user: UserID
    private let key: [UInt8]
    private let database: Database

    /// `key` is the SHA-256 of the client's `Idempotency-Key`.
    package init(of user: UserID, key: [UInt8], _ database: Database) {
        self.user = user
        self.key = key
        self.database = database
    }

    /// Of concurrent requests, exactly one is the first.
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
        // The other request gave up its key in between: treat it as in progress.
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

    /// The request changed nothing, so its key may be used again.
    package func giveUp() async throws(DatabaseFailure) {
        try await database.rows("DELETE FROM idempotency_keys WHERE user_id = \(user) AND key_hash = \(key)")
    }
}
