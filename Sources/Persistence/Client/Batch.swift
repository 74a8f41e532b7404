internal import Domain
internal import Formats

/// Statements that travel together and succeed or fail together: everything up to one synchronization point is one
/// transaction to the server, without a `BEGIN` and `COMMIT` of its own.
struct Batch {
    /// Set for the time of the batch, for row-level security.
    var client: ClientID?
    var statements: [SQL]

    typealias Outcome = Result<[Rows], DatabaseFailure>
    typealias Completion = CheckedContinuation<Outcome, Never>

    /// The third value makes the setting end with the transaction.
    static func setting(client: ClientID) -> SQL {
        "SELECT set_config('app.client_id', \(client)::text, true)"
    }
}
