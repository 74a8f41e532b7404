internal import Formats
internal import Synchronization

/// Limits the memory of responses that clients have not read yet, for the process and for each network.
package final class ResponseBudget: Sendable {
    package struct Limits: Sendable {
        /// Bytes of all responses in the process.
        package var process = 134_217_728
        /// Bytes of the responses of one network.
        package var network = 33_554_432
        package init() {}
    }

    private struct State {
        var total = 0
        var perNetwork: [IPAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: Limits

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Bytes of all responses now.
    package var total: Int { state.withLock(\.total) }

    /// - Returns: true if the response may be sent; return its bytes with `release`.
    func reserve(_ count: Int, for network: IPAddress) -> Bool {
        state.withLock { state in
            let own = state.perNetwork[network] ?? 0
            guard own + count <= limits.network, state.total + count <= limits.process else { return false }
            state.perNetwork[network] = own + count
            state.total += count
            return true
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
