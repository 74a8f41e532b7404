internal import Domain
internal import Formats
internal import HTTP

/// The keys of this installation, each derived from a token secret for one purpose.
package struct Keys: Sendable {
    /// The keys of one secret.
    package struct Generation: Sendable {
        /// Identifies the secret in a token's header.
        ///
        /// It reveals nothing of the secret.
        let id: String
        let accessToken: AuthenticationKey
        let refreshToken: AuthenticationKey
        let refreshChild: AuthenticationKey
        let form: AuthenticationKey
        let cursor: AuthenticationKey
        /// The encoded header of every token that this secret signs; compared before parsing.
        let tokenHeader: [UInt8]

        init(secret: [UInt8]) {
            accessToken = AuthenticationKey(secret)
            id = Hex.encode(accessToken.derived(for: "key id").code(for: []).prefix(4))
            refreshToken = accessToken.derived(for: "refresh token")
            refreshChild = accessToken.derived(for: "refresh token's child")
            form = accessToken.derived(for: "form token")
            cursor = accessToken.derived(for: "cursor")
            let header = #"{"alg":"HS256","typ":"JWT","kid":""# + id + #""}"#
            tokenHeader = Array(Base64URL.encode(Array(header.utf8)).utf8)
        }
    }

    /// Signs new tokens.
    package let current: Generation
    /// Still accepted, until the tokens it signed have expired.
    package let previous: Generation?

    /// The secrets have at least 64 bytes; `Configuration` has checked that.
    package init(current: [UInt8], previous: [UInt8]? = nil) {
        self.current = Generation(secret: current)
        self.previous = previous.map(Generation.init(secret:))
    }

    /// The keys that a valid token may be signed with.
    var all: [Generation] { [current] + (previous.map { [$0] } ?? []) }

    func generation(_ id: String) -> Generation? { all.first { $0.id == id } }
}
