internal import Domain
internal import Formats
internal import HTTP
internal import Synchronization

/// How many requests each person, and all of a tenant's people together, may make in a window of time.
package final class RateLimiter: Sendable {
    /// What is left to someone, for the headers of the answer.
    struct Quota: Sendable {
        let policy: StaticString
        let limit: Int
        let window: Int
        let remaining: Int
        let secondsLeft: Int

        fileprivate func write(to policies: inout ByteWriter, _ states: inout ByteWriter) {
            Self.write(policy, ";q=", limit, ";w=", window, to: &policies)
            Self.write(policy, ";r=", remaining, ";t=", secondsLeft, to: &states)
        }

        private static func write(
            _ policy: StaticString, _ first: StaticString, _ one: Int, _ second: StaticString, _ other: Int,
            to out: inout ByteWriter
        ) {
            out.literal(out.count == 0 ? "\"" : ", \"")
            out.literal(policy)
            out.literal("\"")
            out.literal(first)
            out.integer(Int64(one))
            out.literal(second)
            out.integer(Int64(other))
        }
    }

    /// Thrown where someone has used up their window.
    struct UsedUp: Error {
        let quota: Quota
    }

    private let users: WindowCounter<UserID>
    private let tenants: WindowCounter<ClientID>
    private let keys: WindowCounter<APIKeyID>
    private let refreshes: WindowCounter<SessionID>
    private let unknownKeys: WindowCounter<IPAddress>
    /// By public id, for a day.
    private let provenKeys: WindowCounter<String>
    /// By public id: signatures that are not its key's.
    private let forgedKeys: WindowCounter<String>
    private let networks: WindowCounter<IPAddress>
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(
        perUserPerMinute: Int, perTenantPerMinute: Int, perKeyPerMinute: Int, signInsPer15Minutes: Int,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        users = WindowCounter(policy: "user", limit: perUserPerMinute, window: 60)
        tenants = WindowCounter(policy: "tenant", limit: perTenantPerMinute, window: 60)
        keys = WindowCounter(policy: "key", limit: perKeyPerMinute, window: 60)
        refreshes = WindowCounter(policy: "refresh", limit: perUserPerMinute, window: 60)
        unknownKeys = WindowCounter(policy: "unsigned", limit: 60, window: 60)
        provenKeys = WindowCounter(policy: "proven", limit: 1, window: 86_400, capacity: 20_000)
        forgedKeys = WindowCounter(policy: "forged", limit: 60, window: 60, capacity: 20_000)
        networks = WindowCounter(policy: "sign-in", limit: signInsPer15Minutes, window: 900)
        self.now = now
    }

    /// A request of a person.
    ///
    /// - Throws: `UsedUp`.
    func count(_ user: UserID) throws(UsedUp) -> Quota { try users.count(user, at: now()) }

    /// A request of a member of a tenant: only members count, so that nobody can use up what is another tenant's.
    ///
    /// - Throws: `UsedUp`.
    func count(_ tenant: ClientID) throws(UsedUp) -> Quota { try tenants.count(tenant, at: now()) }

    /// A request that this key signed.
    ///
    /// - Throws: `UsedUp`.
    func count(_ key: APIKeyID) throws(UsedUp) -> Quota { try keys.count(key, at: now()) }

    /// A use of a refresh token that is ours, whether its session still lives or not.
    ///
    /// - Throws: `UsedUp`.
    func count(refreshOf session: SessionID) throws(UsedUp) { _ = try refreshes.count(session, at: now()) }

    /// To be asked before a key is looked up: a network that goes on sending what no key signed is not looked up for, but
    /// for keys that signed something lately.
    ///
    /// - Throws: `UsedUp`.
    func checkUnsigned(_ request: Request, _ publicID: String) throws(UsedUp) {
        if provenKeys.isKnown(publicID, at: now()), (try? forgedKeys.check(publicID, at: now())) != nil { return }
        try unknownKeys.check(request.client.network, at: now())
    }

    /// A request that no key which works has signed: a key that was named all the same proves less for a while.
    func countUnsigned(_ request: Request, _ publicID: String) {
        _ = try? unknownKeys.count(request.client.network, at: now())
        if provenKeys.isKnown(publicID, at: now()) { _ = try? forgedKeys.count(publicID, at: now()) }
    }

    /// A key with that public id has signed a request.
    func noteProven(_ publicID: String) { provenKeys.renew(publicID, at: now()) }

    /// An attempt to sign in, or to go on with something that was never a sign-in.
    ///
    /// - Throws: `UsedUp`.
    @discardableResult
    func countSignIn(_ request: Request) throws(UsedUp) -> Quota {
        try networks.count(request.client.network, at: now())
    }
}

extension [RateLimiter.Quota] {
    /// The fields of the IETF draft "RateLimit header fields for HTTP".
    func describe(in response: inout Response) {
        guard !isEmpty else { return }
        var policies = ByteWriter(capacity: 64)
        var states = ByteWriter(capacity: 64)
        for quota in self { quota.write(to: &policies, &states) }
        response.add("RateLimit-Policy", text: policies.text())
        response.add("RateLimit", text: states.text())
    }
}
