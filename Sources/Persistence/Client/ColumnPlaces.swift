internal import Domain
internal import Formats

/// The place of a value in the rows of a `ColumnPlaces`.
struct Place<Value>: Sendable {
    let position: Int
}

/// A description of rows that are read in place, as often as needed: it has the places of their columns.
struct ColumnPlaces<Places: Sendable>: Sendable {
    let layout: ColumnLayout
    fileprivate let list: SQL
    let places: Places

    init(_ table: StaticString, _ record: (inout ColumnRecorder) -> Places) {
        var recorder = ColumnRecorder(layout: ColumnLayout(table: table))
        places = record(&recorder)
        layout = recorder.layout
        list = layout.list
    }

    /// Checks types, NULLs and lengths once, so that reading a value needs no check.
    ///
    /// - Throws: `misread`.
    func check(_ rows: Rows) throws(DatabaseFailure) -> CheckedRows {
        try layout.checkAll(rows)
        return CheckedRows(rows: rows)
    }
}

struct ColumnRecorder {
    fileprivate(set) var layout: ColumnLayout

    mutating func callAsFunction<Value: ColumnValue>(_ expression: SQL) -> Place<Value> {
        Place(position: layout.add(expression, Value.self))
    }
}

/// Rows that a `ColumnPlaces` has checked.
struct CheckedRows: Sendable {
    fileprivate let rows: Rows

    var count: Int { rows.count }
    subscript(index: Int) -> CheckedRow { CheckedRow(rows: rows, index: index) }
}

/// One of them; only the places of the same description may be used.
struct CheckedRow {
    fileprivate let rows: Rows
    fileprivate let index: Int

    subscript(place: Place<Int64>) -> Int64 { rows.wide(index, place.position) }

    subscript<ID: Identifier>(place: Place<ID>) -> ID { ID(number: rows.wide(index, place.position)) }

    subscript(place: Place<Timestamp>) -> Timestamp { Timestamp(server: rows.wide(index, place.position)) }

    /// NULL has no bytes; other values have eight.
    subscript(place: Place<Timestamp?>) -> Timestamp? {
        rows.number(index, place.position).map(Timestamp.init(server:))
    }

    @_lifetime(borrow self)
    func text(_ place: Place<String>) -> Span<UInt8> { rows.bytes(index, place.position) }

    @_lifetime(borrow self)
    func text(_ place: Place<String?>) -> Span<UInt8>? {
        let bytes = rows.bytes(index, place.position)
        return bytes.isEmpty && rows.isNull(index, place.position) ? nil : bytes
    }
}

extension SQL.StringInterpolation {
    /// The SELECT list of a description.
    mutating func appendInterpolation<Places>(_ columns: ColumnPlaces<Places>) {
        appendInterpolation(columns.list)
    }
}
