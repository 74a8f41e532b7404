internal import Formats

/// The migration state of the database, and the role of the service.
package struct SchemaState: Sendable, Equatable {
    /// Migrations and files of functions of this binary that are not applied.
    package let missing: Int
    /// Migrations and files of functions that this binary does not know: another process has newer ones.
    package let unknown: Int
    /// True if the service works as `dashboard_app`, not as its login.
    package let hasOwnRole: Bool

    /// - Throws: `DatabaseFailure`; `refused` if the list of migrations does not exist.
    package static func read(_ database: Database) async throws(DatabaseFailure) -> SchemaState {
        let answers = try await database.rows([
            "SELECT number FROM schema_migrations", "SELECT current_user = 'dashboard_app'", AppliedFunctions.list,
        ])
        let applied = Set(try answers[0].each("number", of: "schema_migrations", as: Int.self))
        let known = Set(Migration.all.map(\.number))
        let functions = try AppliedFunctions(answers[2])
        return SchemaState(
            missing: known.subtracting(applied).count + functions.behind(FunctionFile.all),
            unknown: applied.subtracting(known).count + functions.ahead(FunctionFile.all),
            hasOwnRole: try answers[1].only("current_user", of: "the session"))
    }
}
