internal import Domain
internal import Formats

/// Statements sent together that succeed or fail together.
///
/// PostgreSQL treats everything up to one synchronization point as one transaction, without `BEGIN` and `COMMIT`.
struct Batch {
    /// Set during the batch, for row-level security.
    var client: ClientID?
    var statements: [SQL]

    typealias Outcome = Result<[Rows], DatabaseFailure>
    typealias Completion = CheckedContinuation<Outcome, Never>

    /// With the third value, the setting ends with the transaction.
    static func setting(client: ClientID) -> SQL {
        "SELECT set_config('app.client_id', \(client)::text, true)"
    }
}
