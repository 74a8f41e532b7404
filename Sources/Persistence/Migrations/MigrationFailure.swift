extension Migrator {
    package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// The database was made by a newer version.
        case newerDatabase(number: Int, name: String)
        /// A file that was applied reads differently now.
        case changed(number: Int, name: String)
        case failed(number: Int, name: String, reason: String)
        case functionsFailed(name: String, reason: String)
        case unfinishedRestore
        /// Another session does not let go of the list of migrations; `holders` says which.
        case locked(holders: String)

        package var description: String {
            switch self {
            case .newerDatabase(let number, let name):
                "the database has migration \(number) (\(name)), which this version does not know: use a newer version"
            case .changed(let number, let name):
                "migration \(number) (\(name)) was applied with another text than this version has"
            case .failed(let number, let name, let reason): "migration \(number) (\(name)) failed: \(reason)"
            case .functionsFailed(let name, let reason): "functions/\(name).sql failed: \(reason)"
            case .unfinishedRestore:
                """
                a restore into this database is under way, or was cut off: wait for it, or run `dashboard restore` again, \
                which begins by emptying it
                """
            case .locked(let holders):
                """
                the migrations wait for a lock on dashboard.schema_migrations that another session holds (\(holders)): \
                end that session, or try again when it is done
                """
            }
        }
    }
}
