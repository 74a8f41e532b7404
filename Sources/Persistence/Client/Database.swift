package import Domain
package import EventLoop
internal import Formats

/// The database access of one loop: a few connections shared by pipelining, and leased connections for transactions of
/// several round trips.
///
/// Used only on that loop.
package final class Database: @unchecked Sendable {
    /// Numbers of connections, and timeouts.
    package struct Limits: Sendable {
        package var shared = 4
        package var leased = 4
        /// Maximum batches in progress on one shared connection.
        package var depth = 16
        package var wait = Duration.seconds(3)
        /// Longer than the server's own statement timeout.
        package var answer = Duration.seconds(11)
        /// After this time without data the server is asked for a sign of life.
        package var silence = Duration.seconds(5)
        /// If no sign of life arrives within this time, the connection counts as lost.
        package var signOfLife = Duration.seconds(2)
        package var lifetime = Duration.seconds(1_800)
        package var idle = Duration.seconds(60)
        package init() {}
    }

    package let loop: EventLoop
    let limits: Limits
    private let shared: SharedConnections
    private let leases: LeasedConnections
    package let slowLane: SlowLane
    let slow: LeasedConnections

    package init(
        _ settings: ConnectionSettings, on loop: EventLoop, limits: Limits = Limits(), slowLane: SlowLane = SlowLane()
    ) {
        self.loop = loop
        self.limits = limits
        self.slowLane = slowLane
        shared = SharedConnections(settings, on: loop, limits: limits)
        leases = LeasedConnections(settings, on: loop, limits: limits)
        var slowSettings = settings
        slowSettings.name += " slow"
        slowSettings.statementTimeout = slowLane.limits.statementTimeout
        var slowLimits = limits
        slowLimits.leased = slowLane.limits.atOnce
        slow = LeasedConnections(slowSettings, on: loop, limits: slowLimits)
    }

    /// Opens the shared connections; from then on lost ones are reopened automatically.
    package func start() { shared.start() }

    package func stop() {
        shared.stop()
        leases.stop()
        slow.stop()
    }

    package var sharedUse: ConnectionUse { shared.use }
    package var leasedUse: ConnectionUse { leases.use }
    package var slowUse: ConnectionUse { slow.use }

    // MARK: One round trip

    /// Rows of the tenant that `access` proves; row-level security enforces it as well.
    package func rows(_ statement: SQL, in access: GuildAccess) async throws(DatabaseFailure) -> Rows {
        try await run(Batch(client: access.client, statements: [statement]))[0]
    }

    /// Several statements for one tenant, in one transaction and one round trip; in the slow lane if they may take long.
    package func rows(
        _ statements: [SQL], in access: GuildAccess, isSlow: Bool = false
    ) async throws(DatabaseFailure) -> [Rows] {
        if isSlow { return try await rowsSlowly(statements, in: access) }
        return try await run(Batch(client: access.client, statements: statements))
    }

    /// Rows without a tenant.
    ///
    /// Tenant tables appear empty here.
    @discardableResult
    package func rows(_ statement: SQL) async throws(DatabaseFailure) -> Rows {
        try await run(Batch(client: nil, statements: [statement]))[0]
    }

    /// Several statements without a tenant, in one transaction and one round trip.
    package func rows(_ statements: [SQL]) async throws(DatabaseFailure) -> [Rows] {
        try await run(Batch(client: nil, statements: statements))
    }

    private func run(_ batch: Batch) async throws(DatabaseFailure) -> [Rows] {
        try await withCheckedContinuation { shared.send(batch, $0) }.get()
    }

    /// Rows of background work that may be slow: on a leased connection, so that no request waits behind it.
    ///
    /// - Throws: `DatabaseFailure`.
    @discardableResult
    package func rowsApart(_ statement: SQL) async throws -> Rows {
        try await transaction(for: nil) { try await $0.rows(statement) }
    }

    // MARK: Transactions

    /// A transaction of several round trips, rolled back if `body` throws.
    ///
    /// - Throws: errors of `body`, or `DatabaseFailure`. A commit whose response was lost is `unavailable`; only the
    ///   data shows if it happened.
    package func transaction<Value>(
        for client: ClientID?, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let connection = try await leases.take(for: client)
        let transaction = Transaction(connection)
        do {
            try await transaction.begin(for: client)
            let value = try await body(transaction)
            try await transaction.commit()
            leases.giveBack(connection)
            return value
        } catch {
            await transaction.rollBack()
            leases.giveBack(connection)
            throw error
        }
    }
}
