/// The part that one transaction applies.
struct MigrationStep {
    let migration: Migration?
    /// The functions take effect together with the last migration: no session meets its tables with older functions.
    let includesFunctions: Bool

    static func all(of todo: SchemaChanges) -> [MigrationStep] {
        if todo.isEmpty { return [] }
        if todo.migrations.isEmpty { return [MigrationStep(migration: nil, includesFunctions: true)] }
        let last = todo.migrations.count - 1
        return todo.migrations.enumerated().map { MigrationStep(migration: $1, includesFunctions: $0 == last) }
    }

    func failure(_ reason: DatabaseFailure) -> Migrator.Failure {
        guard let migration else { return .functionsFailed(name: "*", reason: "\(reason)") }
        return .failed(number: migration.number, name: migration.name, reason: "\(reason)")
    }
}
