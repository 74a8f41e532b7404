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
            RETURNING code_verifier, return_to
            """
        ).first
        if let taken { return .begun(Begun(verifier: taken.text(0), returnTo: taken.text(1))) }
        // A used state is kept after its ten minutes, so that a late reload still redirects.
        let known = try await database.rows(
            """
            SELECT browser_hash = \(browserHash), used_at IS NOT NULL, expires_at > now(), return_to
              FROM oauth_states WHERE state_hash = \(stateHash)
            """
        ).first
        guard let known else { return .expired }
        let (isOwn, isUsed, isAlive) = (known.boolean(0), known.boolean(1), known.boolean(2))
        if isOwn, isUsed { return .used(returnTo: known.text(3)) }
        return isAlive && !isOwn ? .elsewhere : .expired
    }
}
