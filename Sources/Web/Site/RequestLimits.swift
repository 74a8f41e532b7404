internal import Domain
internal import Formats
internal import HTTP

extension RateLimiter {
    /// Counts a request against the limits that its endpoint names.
    ///
    /// - Throws: `UsedUp`.
    func count(_ visit: Visit) throws(UsedUp) -> [Quota] {
        switch visit.endpoint.limit {
        case .none: return []
        case .signIn: return [try countSignIn(visit.request)]
        case .user:
            // Public endpoints are not limited for signed-in people, because signed-out visitors can use them freely as
            // well.
            guard visit.endpoint.access != .anyone, let session = visit.identity.session else { return [] }
            let own = try count(session.user)
            guard let tenant = visit.membership?.client else { return [own] }
            return [own, try count(tenant)]
        }
    }
}
