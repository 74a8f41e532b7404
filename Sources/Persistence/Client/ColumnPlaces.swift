internal import Domain

/// Where a value lies in the rows of a description that reads them later.
struct Place<Value>: Sendable {
    let position: Int
}

/// A description of rows that are read where they lie, again and again: it knows the places of its columns.
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
}

struct ColumnRecorder {
    fileprivate(set) var layout: ColumnLayout

    mutating func callAsFunction<Value: ColumnValue>(_ expression: SQL) -> Place<Value> {
        Place(position: layout.add(expression, Value.self))
    }
}

/// Rows that `ColumnLayout.checkAll` has let pass: type and NULL need no second look.
extension Row {
    subscript(place: Place<Int64>) -> Int64 { rows.number(index, place.position) ?? 0 }

    subscript<ID: Identifier>(place: Place<ID>) -> ID { ID(number: rows.number(index, place.position) ?? 0) }

    subscript(place: Place<Timestamp>) -> Timestamp { Timestamp(server: rows.number(index, place.position) ?? 0) }

    /// A value without bytes is NULL: others have eight.
    subscript(place: Place<Timestamp?>) -> Timestamp? {
        rows.number(index, place.position).map(Timestamp.init(server:))
    }

    @_lifetime(borrow self)
    func text(_ place: Place<String>) -> Span<UInt8> { rows.bytes(index, place.position) }

    @_lifetime(borrow self)
    func text(_ place: Place<String?>) -> Span<UInt8>? {
        let bytes = rows.bytes(index, place.position)
        return bytes.isEmpty && isNull(place.position) ? nil : bytes
    }
}

extension SQL.StringInterpolation {
    /// The SELECT list of a description.
    mutating func appendInterpolation<Places>(_ columns: ColumnPlaces<Places>) {
        appendInterpolation(columns.list)
    }
}
