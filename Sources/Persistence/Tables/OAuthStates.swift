internal import Domain

/// The table `oauth_states`: sign-ins that were begun and not finished yet.
///
/// Only hashes of what the browser holds.
package enum OAuthStates {
    package struct Begun: Sendable {
        package let verifier: String
        package let returnTo: String
    }

    package enum Outcome: Sendable {
        case begun(Begun)
        /// This browser has called back with it before.
        case used(returnTo: String)
        /// Begun in another browser.
        case elsewhere
        /// Unknown, or longer ago than ten minutes.
        case expired
    }

    package static func insert(
        stateHash: [UInt8], browserHash: [UInt8], verifier: String, returnTo: String, _ database: Database
    ) async throws(DatabaseFailure) {
        try await database.rows(
            """
            INSERT INTO oauth_states (state_hash, browser_hash, code_verifier, return_to, expires_at)
            VALUES (\(stateHash), \(browserHash), \(verifier), \(returnTo), now() + interval '10 minutes')
            """)
    }

    /// Uses a state up.
    ///
    /// Of two callbacks at once, one gets it.
    package static func take(
        stateHash: [UInt8], browserHash: [UInt8], _ database: Database
    ) async throws(DatabaseFailure) -> Outcome {
        let taken = try await database.rows(
            """
            UPDATE oauth_states SET used_at = now()
             WHERE state_hash = \(stateHash) AND browser_hash = \(browserHash) AND used_at IS NULL AND expires_at > now()
            RETURNING \(begun)
            """)
        if let begun = try begun.first(taken) { return .begun(begun) }
        // A used state stays known after its ten minutes, so that a page loaded again late still leads on.
        let answer = try await database.rows(
            """
            SELECT \(known)
              FROM (SELECT browser_hash = \(browserHash) AS is_own, used_at, expires_at, return_to
                      FROM oauth_states WHERE state_hash = \(stateHash)) known
            """)
        guard let known = try known.first(answer) else { return .expired }
        if known.isOwn, known.isUsed { return .used(returnTo: known.returnTo) }
        return known.isAlive && !known.isOwn ? .elsewhere : .expired
    }

    private static let begun = Columns("oauth_states") { row throws(DatabaseFailure) in
        try Begun(verifier: row("code_verifier"), returnTo: row("return_to"))
    }

    private static let known = Columns("oauth_states") { row throws(DatabaseFailure) in
        (
            isOwn: try row("is_own", as: Bool.self), isUsed: try row("used_at IS NOT NULL", as: Bool.self),
            isAlive: try row("expires_at > now()", as: Bool.self), returnTo: try row("return_to", as: String.self)
        )
    }
}
