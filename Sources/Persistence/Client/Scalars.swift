/// Answers of one value a row; other columns behind it are not read.
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
        try Self.scalar(column, table, Value.self).first(self)
    }

    /// The value of each row.
    package func each<Value: ColumnValue>(
        _ column: StaticString, of table: StaticString, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> [Value] {
        try Self.scalar(column, table, Value.self).all(self)
    }

    private static func scalar<Value: ColumnValue>(
        _ column: StaticString, _ table: StaticString, _: Value.Type
    ) -> Columns<Value> {
        Columns(table) { row throws(DatabaseFailure) in try row(SQL(stringLiteral: column)) }
    }
}
