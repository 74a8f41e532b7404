internal import Formats
internal import Glibc

/// The lock under which a migration is applied: of the table that lists them, until the end of the transaction.
///
/// Not an advisory lock, which every role that may connect can take, the bot's too.
struct MigrationLock {
    /// Another session has it.
    struct Held: Error {}

    private let connection: BlockingConnection

    init(_ connection: BlockingConnection) { self.connection = connection }

    /// Waits as long as `lock_timeout` allows.
    ///
    /// Readers of the table get on.
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

    /// How long the lock was waited for, over several transactions.
    struct Wait {
        private static let limit = Duration.seconds(30)
        private static let silence = Duration.seconds(2)

        private let begun = ContinuousClock.now
        private var isReported = false

        /// Call outside of a transaction, each time that the lock was not to be had.
        ///
        /// - Throws: `Migrator.Failure.locked` after 30 s; `DatabaseFailure`.
        mutating func noteHeld(_ lock: MigrationLock, _ onWait: (String) -> Void) throws {
            let waited = begun.duration(to: .now)
            if waited >= Self.limit { throw Migrator.Failure.locked(holders: try lock.holders()) }
            if waited >= Self.silence, !isReported {
                isReported = true
                onWait(try lock.holders())
            }
            // Others who wait for the table get their turn.
            usleep(100_000)
        }
    }
}
