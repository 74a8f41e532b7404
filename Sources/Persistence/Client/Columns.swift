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
    package typealias Reading = @Sendable (ColumnReader) throws(DatabaseFailure) -> Value

    let layout: ColumnLayout
    fileprivate let list: SQL
    private let reading: Reading

    /// The table's name is for messages.
    package init(_ table: StaticString, _ reading: @escaping Reading) {
        let recorder = ColumnReader(recording: table)
        do throws(DatabaseFailure) {
            _ = try reading(recorder)
        } catch {
            fatalError("The description of \(table) refuses samples: \(error)")
        }
        layout = recorder.recorded
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
        let reader = ColumnReader(rows, layout, from: first)
        for index in 0..<count { values.append(try read(index, reader)) }
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
        return try read(index, ColumnReader(rows, layout, from: first))
    }

    private func read(_ index: Int, _ reader: ColumnReader) throws(DatabaseFailure) -> Value {
        reader.begin(index)
        let value = try reading(reader)
        guard reader.isAtEnd else { throw layout.failure(at: layout.count, "some columns were not read") }
        return value
    }

    /// Reads the same columns as a part of another description.
    func read(by reader: ColumnReader) throws(DatabaseFailure) -> Value { try reading(reader) }
}

/// Reads the values of a row, column after column.
///
/// One object for all rows of a result: its constants are read without counting references for each value.
package final class ColumnReader {
    private let layout: ColumnLayout
    /// Nil while the columns are recorded.
    private let rows: Rows?
    private let first: Int
    private var index = 0
    private var position = 0
    /// The columns recorded so far.
    fileprivate private(set) var recorded: ColumnLayout

    fileprivate init(recording table: StaticString) {
        layout = ColumnLayout(table: table)
        recorded = layout
        rows = nil
        first = 0
    }

    fileprivate init(_ rows: Rows, _ layout: ColumnLayout, from first: Int) {
        self.layout = layout
        recorded = layout
        self.rows = rows
        self.first = first
    }

    fileprivate var isAtEnd: Bool { position == layout.count }

    /// Goes to the start of a row.
    fileprivate func begin(_ index: Int) {
        self.index = index
        position = 0
    }

    /// The value of the next column, which the SELECT list has as `expression`.
    package func callAsFunction<Value: ColumnValue>(
        _ expression: @autoclosure () -> SQL, as _: Value.Type = Value.self
    ) throws(DatabaseFailure) -> Value {
        guard let rows else {
            _ = recorded.add(expression(), Value.self)
            return Value.sample
        }
        let own = position
        position = own + 1
        guard own < layout.count else { throw layout.failure(at: own, "more columns are read than were recorded") }
        do {
            return try Value(Row(rows: rows, index: index), first + own)
        } catch {
            throw layout.failure(at: own, error)
        }
    }

    /// The value of another description, whose columns are next.
    package func callAsFunction<Value>(_ columns: Columns<Value>) throws(DatabaseFailure) -> Value {
        try columns.read(by: self)
    }
}

extension SQL.StringInterpolation {
    /// The SELECT list of a description.
    package mutating func appendInterpolation<Value>(_ columns: Columns<Value>) {
        appendInterpolation(columns.list)
    }
}
