/// The columns of a description, in order.
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

    /// The SELECT list; building it costs time, so descriptions store it.
    var list: SQL { SQL.list(columns.map(\.expression)) }

    /// - Returns: the position of the column.
    mutating func add<Value: ColumnValue>(_ expression: SQL, _: Value.Type) -> Int {
        columns.append(Column(expression: expression, type: Value.columnType, isOptional: Value.isOptional))
        return columns.count - 1
    }

    /// Checks that a result has these columns, from the column `first` on.
    ///
    /// Others may follow, such as a call that appends to the audit log.
    ///
    /// - Throws: `misread`.
    func check(_ rows: Rows, from first: Int = 0) throws(DatabaseFailure) {
        for position in columns.indices {
            if let problem = columns[position].type.problem(with: rows.type(first + position)) {
                throw failure(at: position, problem)
            }
        }
    }

    /// Also checks that required values are not NULL and that numbers and times have eight bytes.
    ///
    /// For rows that are read later and in place, without further checks. The length of NULL is 0, so one call checks both.
    ///
    /// - Throws: `misread`.
    func checkAll(_ rows: Rows) throws(DatabaseFailure) {
        try check(rows)
        for position in columns.indices where !columns[position].isOptional {
            let isWide = columns[position].type.isWide
            for index in 0..<rows.count
            where isWide ? rows.length(index, position) != 8 : rows.isNull(index, position) {
                throw failure(
                    at: position, rows.isNull(index, position) ? .null : .length(rows.length(index, position)))
            }
        }
    }

    func failure(at position: Int, _ misreading: Misreading) -> DatabaseFailure {
        failure(at: position, misreading.problem)
    }

    func failure(at position: Int, _ problem: String) -> DatabaseFailure {
        let column = position < columns.count ? columns[position].expression.text : "column \(position + 1)"
        return .misread(.init(table: table.description, column: column, problem: problem))
    }
}
