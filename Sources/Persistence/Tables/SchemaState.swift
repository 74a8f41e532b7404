/// How far the database is migrated, and whom the service works as there.
package struct SchemaState: Sendable, Equatable {
    /// Migrations of this binary that are not applied.
    package let missing: Int
    /// Migrations that this binary does not know: another process has a newer one.
    package let unknown: Int
    /// Whether the service works as `dashboard_app`, not as its login.
    package let hasOwnRole: Bool

    /// - Throws: `DatabaseFailure`; `refused` where there is no ledger of migrations.
    package static func read(_ database: Database) async throws(DatabaseFailure) -> SchemaState {
        let answers = try await database.rows([
            "SELECT number FROM schema_migrations", "SELECT current_user = 'dashboard_app'",
        ])
        let applied = Set(try answers[0].each("number", of: "schema_migrations", as: Int.self))
        let known = Set(Migration.all.map(\.number))
        return SchemaState(
            missing: known.subtracting(applied).count, unknown: applied.subtracting(known).count,
            hasOwnRole: try answers[1].only("current_user", of: "the session"))
    }
}
