internal import Formats

/// The sessions that hold a lock, as text for the operator: process, user and application of each.
enum LockHolders {
    private static let words: SQL = """
        coalesce(string_agg(DISTINCT concat_ws(', ', 'pid ' || activity.pid, 'user ' || activity.usename,
                                               'application ' || nullif(activity.application_name, '')), '; '),
                 'none any more')
        """

    /// Sessions whose locks prevent changes of the table.
    static func ofTable(_ name: String, _ connection: BlockingConnection) throws(DatabaseFailure) -> String {
        try connection.rows(
            """
            SELECT \(words) FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
             WHERE held.granted AND held.pid <> pg_backend_pid() AND held.locktype = 'relation'
               AND held.relation = to_regclass(\(name)) AND held.mode NOT IN ('AccessShareLock', 'RowShareLock')
            """
        ).only("holders", of: "pg_locks")
    }

    static func ofAdvisoryLock(_ key: Int64, _ connection: BlockingConnection) throws(DatabaseFailure) -> String {
        try connection.rows(
            """
            SELECT \(words) FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
             WHERE held.granted AND held.pid <> pg_backend_pid() AND held.locktype = 'advisory' AND held.objsubid = 1
               AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND held.classid::bigint << 32 | held.objid::bigint = \(key)
            """
        ).only("holders", of: "pg_locks")
    }
}
