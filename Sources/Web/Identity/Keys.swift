internal import Domain
internal import Formats
internal import HTTP

/// The keys of this installation, each made from a token secret for one purpose only.
package struct Keys: Sendable {
    /// One secret's keys.
    package struct Generation: Sendable {
        /// Tells in a token's header which secret signed it, and nothing of the secret itself.
        let id: String
        let accessToken: AuthenticationKey
        let refreshToken: AuthenticationKey
        let refreshChild: AuthenticationKey
        let form: AuthenticationKey
        let cursor: AuthenticationKey
        /// The header of every token that this secret signs, encoded: what it is compared with before it is parsed.
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

    /// Signs.
    package let current: Generation
    /// Still accepted, while the tokens that it signed live.
    package let previous: Generation?

    /// The secrets have at least 64 bytes, which `Configuration` has checked.
    package init(current: [UInt8], previous: [UInt8]? = nil) {
        self.current = Generation(secret: current)
        self.previous = previous.map(Generation.init(secret:))
    }

    /// The keys a token may have been made with.
    var all: [Generation] { [current] + (previous.map { [$0] } ?? []) }

    func generation(_ id: String) -> Generation? { all.first { $0.id == id } }
}
