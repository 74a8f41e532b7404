internal import Synchronization

/// Limits the memory of request bodies, for the process and for each network.
///
/// Bodies are held until their request is answered.
package final class BodyBudget: Sendable {
    package struct Limits: Sendable {
        /// Bytes of all bodies in the process.
        package var process = 67_108_864
        /// Bytes of the bodies of one network: three bodies of the largest size allowed.
        package var network = 25_165_824
        package init() {}
    }

    enum Refusal { case process, network }

    private struct State {
        var total = 0
        var perNetwork: [IPAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: Limits

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Bytes of all bodies now.
    package var total: Int { state.withLock(\.total) }

    /// - Returns: nil if the bytes may be kept; return them with `release`.
    func reserve(_ count: Int, for network: IPAddress) -> Refusal? {
        state.withLock { state in
            let own = state.perNetwork[network] ?? 0
            if own + count > limits.network { return .network }
            if state.total + count > limits.process { return .process }
            state.perNetwork[network] = own + count
            state.total += count
            return nil
        }
    }

    func release(_ count: Int, for network: IPAddress) {
        guard count > 0 else { return }
        state.withLock { state in
            let left = (state.perNetwork[network] ?? 0) - count
            state.perNetwork[network] = left > 0 ? left : nil
            state.total -= count
        }
    }
}
