package import Formats

/// The oids of the PostgreSQL types that this program sends or reads.
package enum SQLType: UInt32, Sendable {
    case boolean = 16
    case bytes = 17
    case integer = 20
    case text = 25
    case double = 701
    case texts = 1009
    case integers = 1016
    /// Only read: a day is sent as text.
    case day = 1082
    case timestamp = 1184

    /// True if values have eight bytes.
    var isWide: Bool { self == .integer || self == .timestamp || self == .double }

    /// True if a column of the type with this oid can be read as this one: `smallint` and `integer` as `bigint`, `varchar`
    /// and `name` as `text`.
    private func isReadable(from oid: UInt32) -> Bool {
        switch self {
        case .integer: oid == 20 || oid == 23 || oid == 21
        case .text: oid == 25 || oid == 1043 || oid == 19
        default: oid == rawValue
        }
    }

    /// The reason why a column of that type cannot be read as this one; 0 is no column.
    func problem(with oid: UInt32) -> String? {
        if isReadable(from: oid) { return nil }
        return oid == 0 ? "is missing" : "has the type \(oid) instead of \(self)"
    }
}

package enum SQLValue: Equatable, Sendable {
    case null
    case boolean(Bool)
    case bytes([UInt8])
    case integer(Int64)
    case text(String)
    case double(Double)
    case texts([String])
    case integers([Int64])
    case timestamp(Timestamp)
}

/// A type that can be a parameter of a statement.
package protocol SQLConvertible {
    static var sqlType: SQLType { get }
    var sqlValue: SQLValue { get }
}

extension Bool: SQLConvertible {
    package static var sqlType: SQLType { .boolean }
    package var sqlValue: SQLValue { .boolean(self) }
}

extension Int64: SQLConvertible {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Double: SQLConvertible {
    package static var sqlType: SQLType { .double }
    package var sqlValue: SQLValue { .double(self) }
}

extension String: SQLConvertible {
    package static var sqlType: SQLType { .text }
    package var sqlValue: SQLValue { .text(self) }
}

extension Timestamp: SQLConvertible {
    package static var sqlType: SQLType { .timestamp }
    package var sqlValue: SQLValue { .timestamp(self) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    package static var sqlType: SQLType { Wrapped.sqlType }
    package var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

/// An element of a PostgreSQL array.
package protocol SQLElement: SQLConvertible {
    static var sqlArrayType: SQLType { get }
    static func sqlArray(_ elements: [Self]) -> SQLValue
}

extension Array: SQLConvertible where Element: SQLElement {
    package static var sqlType: SQLType { Element.sqlArrayType }
    package var sqlValue: SQLValue { Element.sqlArray(self) }
}

extension UInt8: SQLElement {
    package static var sqlType: SQLType { .integer }
    package var sqlValue: SQLValue { .integer(Int64(self)) }
    /// Bytes are `bytea`, not an array of numbers.
    package static var sqlArrayType: SQLType { .bytes }
    package static func sqlArray(_ elements: [UInt8]) -> SQLValue { .bytes(elements) }
}

extension Int64: SQLElement {
    package static var sqlArrayType: SQLType { .integers }
    package static func sqlArray(_ elements: [Int64]) -> SQLValue { .integers(elements) }
}

extension String: SQLElement {
    package static var sqlArrayType: SQLType { .texts }
    package static func sqlArray(_ elements: [String]) -> SQLValue { .texts(elements) }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    package static var sqlType: SQLType { .text }
    package var sqlValue: SQLValue { .text(rawValue) }
}
