/// Which columns a description has, in their order.
struct ColumnLayout: Sendable {
    private struct Column: Sendable {
        let expression: SQL
        let type: SQLType
        let isOptional: Bool
    }

    /// For messages.
    let table: StaticString
    private var columns: [Column] = []

    init(table: StaticString) { self.table = table }

    var count: Int { columns.count }

    /// The SELECT list, to be kept.
    var list: SQL { SQL.list(columns.map(\.expression)) }

    /// - Returns: the position of the column.
    mutating func add<Value: ColumnValue>(_ expression: SQL, _: Value.Type) -> Int {
        columns.append(Column(expression: expression, type: Value.columnType, isOptional: Value.isOptional))
        return columns.count - 1
    }

    /// Whether an answer has these columns, from the column `first` on; others may follow, such as a call that appends to
    /// the audit log.
    ///
    /// - Throws: `misread`.
    func check(_ rows: Rows, from first: Int = 0) throws(DatabaseFailure) {
        for position in columns.indices {
            let found = rows.type(first + position)
            guard found != 0 else { throw failure(at: position, "is missing") }
            guard columns[position].type.isReadable(from: found) else {
                throw failure(at: position, "has the type \(found) instead of \(columns[position].type)")
            }
        }
    }

    /// The same, and whether no value is NULL that must not be: for rows whose values are read later, where they lie.
    ///
    /// - Throws: `misread`.
    func checkAll(_ rows: Rows) throws(DatabaseFailure) {
        try check(rows)
        for position in columns.indices where !columns[position].isOptional {
            for index in 0..<rows.count where rows.isNull(index, position) {
                throw failure(at: position, .null)
            }
        }
    }

    func failure(at position: Int, _ misreading: Misreading) -> DatabaseFailure {
        switch misreading {
        case .null: failure(at: position, "is NULL")
        case .length(let length): failure(at: position, "has \(length) bytes")
        case .word(let word): failure(at: position, "holds the unknown word '\(word)'")
        }
    }

    func failure(at position: Int, _ problem: String) -> DatabaseFailure {
        let column = position < columns.count ? columns[position].expression.text : "column \(position + 1)"
        return .misread(.init(table: table.description, column: column, problem: problem))
    }
}
