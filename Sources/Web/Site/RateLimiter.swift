internal import Domain
internal import Synchronization

/// How many requests each person may make in a window of time.
package final class RateLimiter: Sendable {
    /// What is left to someone, for the headers of the answer.
    struct Quota: Sendable {
        let policy: StaticString
        let limit: Int
        let window: Int
        let remaining: Int
        let secondsLeft: Int

        /// The fields of the IETF draft "RateLimit header fields for HTTP".
        func describe(in response: inout Response) {
            response.add("RateLimit-Policy", text: "\"\(policy)\";q=\(limit);w=\(window)")
            response.add("RateLimit", text: "\"\(policy)\";r=\(remaining);t=\(secondsLeft)")
        }
    }

    /// Thrown where someone has used up their window.
    struct UsedUp: Error {
        let quota: Quota
    }

    private let users: WindowCounter<UserID>
    private let networks: WindowCounter<IPAddress>
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(
        perUserPerMinute: Int, signInsPer15Minutes: Int, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        users = WindowCounter(policy: "user", limit: perUserPerMinute, window: 60)
        networks = WindowCounter(policy: "sign-in", limit: signInsPer15Minutes, window: 900)
        self.now = now
    }

    /// - Throws: `UsedUp`.
    func count(_ visit: Visit) throws(UsedUp) -> Quota? {
        switch visit.endpoint.limit {
        case .none: return nil
        case .signIn: return try countSignIn(visit.request)
        case .user:
            guard let session = visit.identity.session else { return nil }
            return try users.count(session.user, at: now())
        }
    }

    /// An attempt to sign in, or to go on with something that was never a sign-in.
    ///
    /// - Throws: `UsedUp`.
    @discardableResult
    func countSignIn(_ request: Request) throws(UsedUp) -> Quota {
        try networks.count(request.client.network, at: now())
    }
}
