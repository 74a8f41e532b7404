/// The changes that bring a database to the schema of this binary.
package struct SchemaChanges: Sendable {
    package internal(set) var migrations: [Migration] = []
    /// Applied after the migrations.
    package internal(set) var functions: [FunctionFile] = []

    package var count: Int { migrations.count + functions.count }
    package var isEmpty: Bool { count == 0 }

    /// Such as "1 migration and 22 files of functions".
    package var inWords: String {
        let parts = [("migration", migrations.count), ("file", functions.count)].filter { $1 > 0 }
        let words = parts.map { "\($1) \($0)\($1 == 1 ? "" : "s")" }.joined(separator: " and ")
        return functions.isEmpty ? words : words + " of functions"
    }

    mutating func add(_ others: SchemaChanges) {
        migrations += others.migrations
        functions += others.functions
    }
}
