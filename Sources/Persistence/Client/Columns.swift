/// A description of rows: the columns of the SELECT list, and the value made from them.
///
///     static let columns = Columns("brands") { row throws(DatabaseFailure) in
///         try Brand(id: row("b.id"), name: row("b.name"), createdAt: row("b.created_at"))
///     }
///     "SELECT \(columns) FROM brands b"
///
/// The closure runs once to record its columns, with samples in place of values, and then once for each row. It asks for
/// the same columns in the same order each time: a value must not decide whether another column is read.
package struct Columns<Value>: Sendable {
    package typealias Reading = @Sendable (inout ColumnReader) throws(DatabaseFailure) -> Value

    let layout: ColumnLayout
    fileprivate let list: SQL
    private let reading: Reading

    /// The table's name is for messages.
    package init(_ table: StaticString, _ reading: @escaping Reading) {
        var recorder = ColumnReader(recording: table)
        do throws(DatabaseFailure) {
            _ = try reading(&recorder)
        } catch {
            fatalError("The description of \(table) refuses samples: \(error)")
        }
        layout = recorder.layout
        list = layout.list
        self.reading = reading
    }

    var count: Int { layout.count }

    /// All rows; the values begin with the column `first`.
    ///
    /// - Throws: `misread` if a column is missing, has another type, is NULL though its value is not optional, or holds
    ///   an unknown word.
    package func all(_ rows: Rows, from first: Int = 0, atMost limit: Int = .max) throws(DatabaseFailure) -> [Value] {
        try layout.check(rows, from: first)
        var values: [Value] = []
        let count = min(rows.count, limit)
        values.reserveCapacity(count)
        for index in 0..<count { values.append(try read(rows[index], from: first)) }
        return values
    }

    /// The first row; nil if there is none.
    ///
    /// - Throws: as for `all`.
    package func first(_ rows: Rows, from first: Int = 0) throws(DatabaseFailure) -> Value? {
        rows.count > 0 ? try row(0, of: rows, from: first) : nil
    }

    /// One of the rows.
    ///
    /// - Throws: as for `all`.
    package func row(_ index: Int, of rows: Rows, from first: Int = 0) throws(DatabaseFailure) -> Value {
        try layout.check(rows, from: first)
        return try read(rows[index], from: first)
    }

    private func read(_ row: Row, from first: Int = 0) throws(DatabaseFailure) -> Value {
        var reader = ColumnReader(row, layout, from: first)
        let value = try reading(&reader)
        guard reader.isAtEnd else { throw layout.failure(at: layout.count, "some columns were not read") }
        return value
    }

    /// Reads the same columns as a part of another description.
    func read(by reader: inout ColumnReader) throws(DatabaseFailure) -> Value { try reading(&reader) }
}

/// Reads the values of one row, column after column.
package struct ColumnReader {
    fileprivate private(set) var layout: ColumnLayout
    /// Nil while the columns are recorded.
    private let row: Row?
    private let first: Int
    private var position = 0

    fileprivate init(recording table: StaticString) {
        layout = ColumnLayout(table: table)
        row = nil
        first = 0
    }

    fileprivate init(_ row: Row, _ layout: ColumnLayout, from first: Int) {
        self.layout = layout
        self.row = row
        self.first = first
    }

    fileprivate var isAtEnd: Bool { position == layout.count }

    /// The value of the next column, which the SELECT list has as `expression`.
    package mutating func callAsFunction<Value: ColumnValue>(
        _ expression: @autoclosure () -> SQL, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> Value {
        guard let row else {
            _ = layout.add(expression(), Value.self)
            return Value.sample
        }
        let own = position
        position += 1
        guard own < layout.count else { throw layout.failure(at: own, "more columns are read than were recorded") }
        do {
            return try Value(row, first + own)
        } catch {
            throw layout.failure(at: own, error)
        }
    }

    /// The value of another description, whose columns are next.
    package mutating func callAsFunction<Value>(_ columns: Columns<Value>) throws(DatabaseFailure) -> Value {
        try columns.read(by: &self)
    }
}

extension SQL.StringInterpolation {
    /// The SELECT list of a description.
    package mutating func appendInterpolation<Value>(_ columns: Columns<Value>) {
        appendInterpolation(columns.list)
    }
}
