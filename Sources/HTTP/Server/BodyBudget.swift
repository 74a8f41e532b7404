internal import Formats
internal import Synchronization

/// Limits the memory of bodies, for the process and for each network: those of requests, or those of responses.
///
/// The body of a request is held until the request is answered, that of a response until the client has read it.
package final class BodyBudget: Sendable {
    package struct Limits: Sendable {
        /// Bytes of all bodies in the process.
        package var process = 67_108_864
        /// Bytes of the bodies of one network: three bodies of the largest size allowed.
        package var network = 25_165_824
        /// The part of the process's that bodies have whose request was not judged and has no credential, and the part of a
        /// network's.
        package var unjudged = 33_554_432
        package var unjudgedOfNetwork = 8_388_608
        package init() {}

        /// For responses, which are all judged.
        package static var responses: Limits {
            var limits = Limits()
            (limits.process, limits.network) = (134_217_728, 33_554_432)
            return limits
        }
    }

    enum Refusal { case process, network }

    /// Bodies that share a limit.
    struct Share: Hashable, Sendable {
        let network: IPAddress
        let isJudged: Bool
    }

    private struct State {
        var total = 0
        var unjudged = 0
        var perShare: [Share: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: Limits

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Bytes of all bodies now.
    package var total: Int { state.withLock(\.total) }

    /// Bytes of all bodies with that share.
    func limit(of share: Share) -> Int { share.isJudged ? limits.network : limits.unjudgedOfNetwork }

    /// - Returns: nil if the bytes may be kept; return them with `release`.
    func reserve(_ count: Int, for share: Share) -> Refusal? {
        state.withLock { state in
            let own = state.perShare[share] ?? 0
            if own + count > limit(of: share) { return .network }
            if state.total + count > limits.process { return .process }
            if !share.isJudged, state.unjudged + count > limits.unjudged { return .process }
            state.perShare[share] = own + count
            state.total += count
            if !share.isJudged { state.unjudged += count }
            return nil
        }
    }

    func release(_ count: Int, for share: Share) {
        guard count > 0 else { return }
        state.withLock { state in
            let left = (state.perShare[share] ?? 0) - count
            state.perShare[share] = left > 0 ? left : nil
            state.total -= count
            if !share.isJudged { state.unjudged -= count }
        }
    }
}
