extension Migrator {
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// A newer version has migrated the database.
        case newerDatabase(number: Int, name: String)
        /// An applied file has changed since.
        case changed(number: Int, name: String)
        case failed(number: Int, name: String, reason: String)
        case functionsFailed(name: String, reason: String)
        case unfinishedRestore
        /// Another session holds the lock of the list of migrations; `holders` names it.
        case locked(holders: String)

        package var description: String {
            switch self {
            case .newerDatabase(let number, let name):
                "the database has migration \(number) (\(name)), which this version does not know: use a newer version"
            case .changed(let number, let name):
                "migration \(number) (\(name)) was applied with other content than this version has"
            case .failed(let number, let name, let reason): "migration \(number) (\(name)) failed: \(reason)"
            case .functionsFailed(let name, let reason): "functions/\(name).sql failed: \(reason)"
            case .unfinishedRestore:
                """
                a restore into this database is in progress, or was interrupted: wait for it, or run `dashboard restore` \
                again, which first empties it
                """
            case .locked(let holders):
                """
                another session holds the lock on dashboard.schema_migrations (\(holders)): \
                end that session, or try again later
                """
            }
        }
    }
}
