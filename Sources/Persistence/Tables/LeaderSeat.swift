internal import Formats

/// The table `leadership`: the session of the background leader.
///
/// A session leads while the row names it and it holds the advisory lock of its token. The lock ends with the session.
/// A role that cannot write the row, such as the bot's, can neither lead nor block others.
struct LeaderSeat {
    /// Random, so that no other session can take its lock before.
    private let token = Int64.random(in: 1...Int64.max)

    /// Marks this session; run it once, before the other statements.
    var mark: SQL { "SELECT pg_try_advisory_lock(\(token))" }

    /// True if another session leads.
    static let isTaken: SQL = """
        SELECT EXISTS (
            SELECT FROM leadership AS seat JOIN pg_locks AS held ON held.pid = seat.pid
             WHERE held.pid <> pg_backend_pid() AND held.granted AND held.locktype = 'advisory' AND held.objsubid = 1
               AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND held.classid::bigint << 32 | held.objid::bigint = seat.token)
        """

    /// Takes the lead if no other session has it; the last statement then returns a row.
    ///
    /// The first statement makes other sessions wait until the transaction ends, so that the second sees the present
    /// leader.
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
