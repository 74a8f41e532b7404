internal import Formats

/// The table `leadership`: the session that does the background work for all processes.
///
/// A session leads while the row names it and it holds the advisory lock of its token. The lock ends with the session. A role
/// that may not write the row, such as the bot's, cannot lead, nor keep others from it.
struct LeaderSeat {
    /// Random: no other session may know it before it is taken.
    private let token = Int64.random(in: 1...Int64.max)

    /// Marks the session that asks: once, before the rest.
    var mark: SQL { "SELECT pg_try_advisory_lock(\(token))" }

    /// Whether another session leads.
    static let isTaken: SQL = """
        SELECT EXISTS (
            SELECT FROM leadership AS seat JOIN pg_locks AS held ON held.pid = seat.pid
             WHERE held.pid <> pg_backend_pid() AND held.granted AND held.locktype = 'advisory' AND held.objsubid = 1
               AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND held.classid::bigint << 32 | held.objid::bigint = seat.token)
        """

    /// Takes the seat if no other session leads; the last statement has a row then.
    ///
    /// The first statement makes other sessions wait until the transaction ends, so that the second sees who has it now.
    var claim: [SQL] {
        [
            "SELECT FROM leadership FOR UPDATE",
            """
            UPDATE leadership SET pid = pg_backend_pid(), token = \(token), since = now()
             WHERE NOT (\(Self.isTaken)) RETURNING true
            """,
        ]
    }
}
