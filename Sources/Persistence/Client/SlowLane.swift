package import Domain
internal import EventLoop
internal import Formats

/// The lane of potentially slow statements: searches, counts, statistics and files.
///
/// Shared by all loops, so that its limits hold for the process. Each loop has its own connections for it.
package final class SlowLane: Sendable {
    package struct Limits: Sendable {
        /// Statements at once in the process; at least twice as many as one tenant may have.
        package var atOnce = 2
        /// Concurrent statements of one tenant.
        package var perTenant = 1
        /// Waiting statements of one tenant; more are rejected at once.
        package var waitingPerTenant = 30
        package var timeout = Duration.seconds(10)
        /// Milliseconds that one statement may take: less than half of the timeout of those that wait for its turn.
        package var statementTimeout = 4_000
        package init() {}
    }

    let limits: Limits
    let turns: FairTurns<ClientID>
    /// A person who may read several tenants takes no more turns than one who reads one.
    let people: FairTurns<UserID>
    /// libpq sends a cancellation on a separate connection and blocks.
    let cancellations = OffLoop(limit: 2)

    package init(_ limits: Limits = Limits()) {
        self.limits = limits
        turns = FairTurns(
            limits.atOnce, perKey: limits.perTenant, waitingPerKey: limits.waitingPerTenant, timeout: limits.timeout)
        people = FairTurns(
            .max, perKey: limits.perTenant, waitingPerKey: limits.waitingPerTenant, timeout: limits.timeout)
    }

    /// Statements waiting for their turn.
    package var waiting: Int { people.waiting + turns.waiting }
}

/// Reads of one tenant during one turn in the slow lane.
package struct SlowReader {
    fileprivate let connection: LoopConnection
    fileprivate let access: GuildAccess
    fileprivate let loop: EventLoop
    fileprivate let cancellations: OffLoop

    /// Runs one query; the statement is cancelled if the task is.
    package func read<Value>(_ query: Query<Value>) async throws(DatabaseFailure) -> Value {
        try query.value(try await rows(query.statements(access))[...])
    }

    fileprivate func rows(_ statements: [SQL]) async throws(DatabaseFailure) -> [Rows] {
        let (connection, loop, cancellations) = (connection, loop, cancellations)
        let batch = Batch(client: access.client, statements: statements)
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { connection.send(batch, $0) }
        } onCancel: {
            loop.execute { connection.cancelStatement(on: cancellations) }
        }.get()
    }
}

extension Database {
    /// Runs `body` when it is the person's and the tenant's turn in the slow lane.
    ///
    /// - Throws: `DatabaseFailure.busy` if the wait timed out or the task was cancelled; errors of `body`.
    package func slowly<Value>(
        in access: GuildAccess, _ body: (SlowReader) async throws -> Value
    ) async throws -> Value {
        guard await slowLane.people.take(for: access.user, on: loop) else { throw Self.laneIsFull }
        defer { slowLane.people.giveBack(access.user) }
        guard await slowLane.turns.take(for: access.client, on: loop) else { throw Self.laneIsFull }
        defer { slowLane.turns.giveBack(access.client) }
        let connection = try await slow.take(for: nil)
        defer { slow.giveBack(connection) }
        return try await body(
            SlowReader(connection: connection, access: access, loop: loop, cancellations: slowLane.cancellations))
    }

    func rowsSlowly(_ statements: [SQL], in access: GuildAccess) async throws(DatabaseFailure) -> [Rows] {
        do {
            return try await slowly(in: access) { try await $0.rows(statements) }
        } catch let failure as DatabaseFailure {
            throw failure
        } catch {
            throw .unavailable("\(error)")
        }
    }

    private static let laneIsFull = DatabaseFailure.busy(
        .init(state: "53300", message: "too many slow statements are waiting", constraint: nil))
}
