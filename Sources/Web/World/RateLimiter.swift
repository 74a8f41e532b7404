internal import Domain
package import EventLoop
internal import Formats
internal import HTTP
internal import Synchronization

/// Rate limits: requests of each person, and of all people of a tenant together, within a window of time.
package final class RateLimiter: Sendable {
    /// The remaining quota, for the response headers.
    struct Quota: Sendable {
        /// The unit of the limit.
        enum Measure {
            /// Requests within so many seconds.
            case requests(window: Int)
            /// Requests in progress at the same time.
            case openRequests
            /// Bytes of bodies at the same time.
            case bytes
        }

        let policy: StaticString
        let limit: Int
        let measure: Measure
        let remaining: Int
        let secondsLeft: Int

        fileprivate func write(to policies: inout ByteWriter, _ states: inout ByteWriter) {
            write(";q=", limit, to: &policies)
            switch measure {
            case .requests(let window):
                policies.literal(";w=")
                policies.integer(Int64(window))
            case .openRequests: policies.literal(";qu=\"concurrent-requests\"")
            case .bytes: policies.literal(";qu=\"content-bytes\"")
            }
            write(";r=", remaining, to: &states)
            states.literal(";t=")
            states.integer(Int64(secondsLeft))
        }

        private func write(_ name: StaticString, _ value: Int, to out: inout ByteWriter) {
            out.literal(out.count == 0 ? "\"" : ", \"")
            out.literal(policy)
            out.literal("\"")
            out.literal(name)
            out.integer(Int64(value))
        }
    }

    /// Thrown if a quota is used up.
    struct UsedUp: Error {
        let quota: Quota
    }

    private let users: WindowCounter<UserID>
    private let tenants: WindowCounter<ClientID>
    private let keys: WindowCounter<APIKeyID>
    private let refreshes: WindowCounter<SessionID>
    private let unknownKeys: WindowCounter<IPAddress>
    /// By public id, for 24 hours.
    private let provenKeys: WindowCounter<String>
    /// Invalid signatures, by the public id they name.
    private let forgedKeys: WindowCounter<String>
    private let networks: WindowCounter<IPAddress>
    private let clock: SteadyClock

    package init(
        perUserPerMinute: Int, perTenantPerMinute: Int, perKeyPerMinute: Int, signInsPer15Minutes: Int,
        clock: SteadyClock
    ) {
        users = WindowCounter(policy: "user", limit: perUserPerMinute, window: 60)
        tenants = WindowCounter(policy: "tenant", limit: perTenantPerMinute, window: 60)
        keys = WindowCounter(policy: "key", limit: perKeyPerMinute, window: 60)
        refreshes = WindowCounter(policy: "refresh", limit: perUserPerMinute, window: 60)
        unknownKeys = WindowCounter(policy: "unsigned", limit: 60, window: 60)
        provenKeys = WindowCounter(policy: "proven", limit: 1, window: 86_400, capacity: 20_000)
        forgedKeys = WindowCounter(policy: "forged", limit: 60, window: 60, capacity: 20_000)
        networks = WindowCounter(policy: "sign-in", limit: signInsPer15Minutes, window: 900)
        self.clock = clock
    }

    /// Counts a request of a person.
    ///
    /// - Throws: `UsedUp`.
    func count(_ user: UserID) throws(UsedUp) -> Quota { try users.count(user, at: clock.now) }

    /// Counts a request of a tenant's member.
    ///
    /// Only members count, so that outsiders cannot use up another tenant's quota.
    ///
    /// - Throws: `UsedUp`.
    func count(_ tenant: ClientID) throws(UsedUp) -> Quota { try tenants.count(tenant, at: clock.now) }

    /// Counts a request signed with this key.
    ///
    /// - Throws: `UsedUp`.
    func count(_ key: APIKeyID) throws(UsedUp) -> Quota { try keys.count(key, at: clock.now) }

    /// Counts a use of a refresh token that we issued, also if its session has ended.
    ///
    /// - Throws: `UsedUp`.
    func count(refreshOf session: SessionID) throws(UsedUp) { _ = try refreshes.count(session, at: clock.now) }

    /// Call before the key lookup.
    ///
    /// A network that keeps sending badly signed requests gets no database lookup, unless it names a key that signed a
    /// valid request in the last 24 hours.
    ///
    /// - Throws: `UsedUp`.
    func checkUnsigned(_ request: Request, _ publicID: String) throws(UsedUp) {
        if isProven(publicID) {
            return
        }
        try unknownKeys.check(request.client.network, at: clock.now)
    }

    /// Counts a request with an invalid signature.
    ///
    /// A proven key loses its exemption after 60 such requests in a minute that name it.
    func countUnsigned(_ request: Request, _ publicID: String) {
        _ = try? unknownKeys.count(request.client.network, at: clock.now)
        if provenKeys.isKnown(publicID, at: clock.now) { _ = try? forgedKeys.count(publicID, at: clock.now) }
    }

    /// Whether the key signed a request within a day, and is not forged by many.
    func isProven(_ publicID: String) -> Bool {
        provenKeys.isKnown(publicID, at: clock.now) && (try? forgedKeys.check(publicID, at: clock.now)) != nil
    }

    /// Records that the key with this public id has signed a valid request.
    func noteProven(_ publicID: String) { provenKeys.renew(publicID, at: clock.now) }

    /// Counts an attempt to sign in, a callback without a matching sign-in, or a forged refresh token.
    ///
    /// - Throws: `UsedUp`.
    @discardableResult
    func countSignIn(_ request: Request) throws(UsedUp) -> Quota {
        try networks.count(request.client.network, at: clock.now)
    }
}

extension [RateLimiter.Quota] {
    /// Adds the fields of the IETF draft "RateLimit header fields for HTTP".
    func describe(in response: inout Response) {
        guard !isEmpty else { return }
        var policies = ByteWriter(capacity: 64)
        var states = ByteWriter(capacity: 64)
        for quota in self { quota.write(to: &policies, &states) }
        response.add("RateLimit-Policy", text: policies.text())
        response.add("RateLimit", text: states.text())
    }
}
