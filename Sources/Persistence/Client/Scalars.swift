/// Results with one value a row; further columns are not read.
extension Rows {
    /// The value of the first row; the names are for messages.
    ///
    /// - Throws: `misread`, also if there is no row.
    package func only<Value: ColumnValue>(
        _ column: StaticString, of table: StaticString, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> Value {
        guard let value = try first(column, of: table, as: Value.self) else {
            throw .misread(.init(table: table.description, column: column.description, problem: "has no row"))
        }
        return value
    }

    /// The same; nil if there is no row.
    package func first<Value: ColumnValue>(
        _ column: StaticString, of table: StaticString, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> Value? {
        let values: [Value] = try each(column, of: table, atMost: 1)
        return values.first
    }

    /// The value of each row.
    package func each<Value: ColumnValue>(
        _ column: StaticString, of table: StaticString, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> [Value] {
        try each(column, of: table, atMost: .max)
    }

    private func each<Value: ColumnValue>(
        _ column: StaticString, of table: StaticString, atMost limit: Int
    ) throws(DatabaseFailure) -> [Value] {
        func failure(_ problem: String) -> DatabaseFailure {
            .misread(.init(table: table.description, column: column.description, problem: problem))
        }
        if let problem = Value.columnType.problem(with: type(0)) { throw failure(problem) }
        var values: [Value] = []
        for index in 0..<min(count, limit) {
            do throws(Misreading) {
                values.append(try Value(self[index], 0))
            } catch {
                throw failure(error.problem)
            }
        }
        return values
    }
}
