internal import Formats
internal import Glibc

/// The lock of a migration: on the table that lists them, until the end of the transaction.
///
/// Not an advisory lock, because every role that can connect could take it, also the bot's.
struct MigrationLock {
    /// Another session holds it.
    struct Held: Error {}

    private let connection: BlockingConnection

    init(_ connection: BlockingConnection) { self.connection = connection }

    /// Waits up to `lock_timeout`.
    ///
    /// Readers of the table are not blocked.
    ///
    /// - Throws: `Held`, after which the transaction can only be rolled back; `DatabaseFailure`.
    func take() throws {
        do throws(DatabaseFailure) {
            try connection.script("LOCK TABLE dashboard.schema_migrations IN SHARE ROW EXCLUSIVE MODE")
        } catch {
            guard error.isLockTimeout else { throw error }
            throw Held()
        }
    }

    func holders() throws(DatabaseFailure) -> String {
        try LockHolders.ofTable("dashboard.schema_migrations", connection)
    }

    /// The time waited for the lock, over several transactions.
    struct Wait {
        private static let limit = Duration.seconds(30)
        private static let silence = Duration.seconds(2)

        private let begun = ContinuousClock.now
        private var isReported = false

        /// Call outside of a transaction, after each lock timeout.
        ///
        /// - Throws: `Migrator.Failure.locked` after 30 s; `DatabaseFailure`.
        mutating func noteHeld(_ lock: MigrationLock, _ onWait: (String) -> Void) throws {
            let waited = begun.duration(to: .now)
            if waited >= Self.limit { throw Migrator.Failure.locked(holders: try lock.holders()) }
            if waited >= Self.silence, !isReported {
                isReported = true
                onWait(try lock.holders())
            }
            // Lets other sessions that wait for the table proceed.
            usleep(100_000)
        }
    }
}
