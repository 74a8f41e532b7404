internal import Domain
internal import Formats

/// The table `oauth_states`: sign-ins in progress.
///
/// It stores only hashes of the browser's secrets.
package enum OAuthStates {
    package struct Begun: Sendable {
        package let verifier: String
        package let returnTo: String
    }

    package enum Outcome: Sendable {
        case begun(Begun)
        /// This browser has used the state before.
        case used(returnTo: String)
        /// Started in another browser.
        case elsewhere
        /// Unknown, or older than ten minutes.
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

    /// Uses a state.
    ///
    /// Of two concurrent callbacks, one gets it.
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
        // A used state is kept after its ten minutes, so that a late reload still redirects.
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
