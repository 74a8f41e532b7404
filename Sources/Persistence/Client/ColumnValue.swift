package import Formats

/// A value that a column can hold, and how it is read from PostgreSQL's binary format.
package protocol ColumnValue: Sendable {
    static var columnType: SQLType { get }
    /// True if NULL is a value.
    static var isOptional: Bool { get }
    /// The value that `Columns` gets while it records its columns; never read from a row.
    static var sample: Self { get }

    /// The column's type has been checked.
    init(_ row: Row, _ column: Int) throws(Misreading)
}

/// Why a value cannot be read.
package enum Misreading: Error, Equatable, Sendable {
    /// NULL in a column that must have a value.
    case null
    /// The length is not that of the type.
    case length(Int)
    /// A word that the program does not know.
    case word(String)

    var problem: String {
        switch self {
        case .null: "is NULL"
        case .length(let length): "has \(length) bytes"
        case .word(let word): "holds the unknown word '\(word)'"
        }
    }
}

extension ColumnValue {
    package static var isOptional: Bool { false }
}

extension Bool: ColumnValue {
    package static var columnType: SQLType { .boolean }
    package static var sample: Bool { false }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        let bytes = try row.bytes(column)
        guard bytes.count == 1 else { throw .length(bytes.count) }
        self = bytes[0] != 0
    }
}

extension Int64: ColumnValue {
    package static var columnType: SQLType { .integer }
    package static var sample: Int64 { 0 }
    package init(_ row: Row, _ column: Int) throws(Misreading) { self = try row.number(column) }
}

extension Int: ColumnValue {
    package static var columnType: SQLType { .integer }
    package static var sample: Int { 0 }
    package init(_ row: Row, _ column: Int) throws(Misreading) { self = Int(try row.number(column)) }
}

extension Double: ColumnValue {
    package static var columnType: SQLType { .double }
    package static var sample: Double { 0 }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        self.init(bitPattern: UInt64(bitPattern: try row.number(column)))
    }
}

extension String: ColumnValue {
    package static var columnType: SQLType { .text }
    package static var sample: String { "" }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        let bytes = try row.bytes(column)
        self = unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension Timestamp: ColumnValue {
    package static var columnType: SQLType { .timestamp }
    package static var sample: Timestamp { Timestamp(microseconds: 0) }

    package init(_ row: Row, _ column: Int) throws(Misreading) { self.init(server: try row.number(column)) }

    /// From microseconds since 2000-01-01.
    ///
    /// Infinity, which the schema refuses, is an end of the range: `Int64.max` microseconds, or 30 years after `.min`.
    init(server microseconds: Int64) { self.init(microseconds: microseconds.saturatingAdd(Rows.epochOffset)) }
}

/// A `timestamptz` as PostgreSQL counts it, whose `-infinity` is the smallest number: for keys that lists are sorted by.
struct ServerTime: ColumnValue {
    /// Since 2000-01-01.
    let microseconds: Int64

    static var columnType: SQLType { .timestamp }
    static var sample: ServerTime { ServerTime(microseconds: 0) }

    init(microseconds: Int64) { self.microseconds = microseconds }
    init(_ row: Row, _ column: Int) throws(Misreading) { microseconds = try row.number(column) }
}

extension CalendarDay: ColumnValue {
    package static var columnType: SQLType { .day }
    package static var sample: CalendarDay { CalendarDay(number: 0) }

    /// PostgreSQL counts days from 2000-01-01, which is day 10,957 of 1970's count.
    package init(_ row: Row, _ column: Int) throws(Misreading) {
        self.init(number: Int(try row.number(column)) + 10_957)
    }
}

/// A text column that the schema limits to the type's words.
extension ColumnValue where Self: RawRepresentable<String> & CaseIterable {
    package static var columnType: SQLType { .text }
    package static var sample: Self { allCases[allCases.startIndex] }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        let bytes = try row.bytes(column)
        for word in Self.allCases where word.rawValue.hasSameBytes(as: bytes) {
            self = word
            return
        }
        throw .word(try String(row, column))
    }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    package static var columnType: SQLType { Wrapped.columnType }
    package static var isOptional: Bool { true }
    package static var sample: Wrapped? { nil }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        self = row.isNull(column) ? nil : try Wrapped(row, column)
    }
}

/// An element of an array column: a byte, a text or a word.
package protocol ColumnElement: Sendable {
    static var arrayType: SQLType { get }
    static func elements(_ bytes: [UInt8]) throws(Misreading) -> [Self]
}

extension Array: ColumnValue where Element: ColumnElement {
    package static var columnType: SQLType { Element.arrayType }
    package static var sample: [Element] { [] }

    package init(_ row: Row, _ column: Int) throws(Misreading) {
        let bytes = try row.bytes(column)
        self = try Element.elements(unsafe bytes.withUnsafeBufferPointer { unsafe Array<UInt8>($0) })
    }
}

extension UInt8: ColumnElement {
    package static var arrayType: SQLType { .bytes }
    package static func elements(_ bytes: [UInt8]) -> [UInt8] { bytes }
}

extension String: ColumnElement {
    package static var arrayType: SQLType { .texts }
    package static func elements(_ bytes: [UInt8]) -> [String] { TextArray.read(bytes) }
}

extension ColumnElement where Self: RawRepresentable<String> {
    package static var arrayType: SQLType { .texts }

    package static func elements(_ bytes: [UInt8]) throws(Misreading) -> [Self] {
        var words: [Self] = []
        for text in TextArray.read(bytes) {
            guard let word = Self(rawValue: text) else { throw .word(text) }
            words.append(word)
        }
        return words
    }
}
