internal import Domain

/// Puts the files of `migrations/functions` in force, in the caller's transaction.
struct FunctionMigrator {
    let connection: BlockingConnection
    let files: [FunctionFile]
    let version: String

    /// - Throws: `DatabaseFailure`.
    func pending() throws(DatabaseFailure) -> [FunctionFile] {
        let ledger = try connection.rows("SELECT to_regclass('dashboard.applied_functions') IS NOT NULL")
        guard try ledger.only("exists", of: "applied_functions") else { return files }
        return try AppliedFunctions(try connection.rows(AppliedFunctions.list), seenBy: version).pending(files)
    }

    /// Call as the owner, under `MigrationLock`.
    ///
    /// - Returns: the files that were applied.
    /// - Throws: `DatabaseFailure` after waiting for a lock; `Migrator.Failure.functionsFailed`.
    func apply() throws -> [FunctionFile] {
        let todo = try pending()
        // A function may call one of a later file.
        try connection.script("SET LOCAL check_function_bodies = off")
        for file in todo {
            do throws(DatabaseFailure) {
                try connection.script(file.text)
                try record(file)
            } catch {
                guard !error.isLockTimeout else { throw error }
                throw Migrator.Failure.functionsFailed(name: file.name, reason: "\(error)")
            }
        }
        return todo
    }

    private func record(_ file: FunctionFile) throws(DatabaseFailure) {
        try connection.rows(
            """
            INSERT INTO dashboard.applied_functions (name, checksum, version)
            VALUES (\(file.name), \(file.checksum), \(version))
            ON CONFLICT (name) DO UPDATE
                SET checksum = excluded.checksum, version = excluded.version, applied_at = excluded.applied_at
            """)
    }
}
