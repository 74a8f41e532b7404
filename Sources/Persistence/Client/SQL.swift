internal import Formats

/// One statement: fixed text with typed parameters.
///
/// Only string literals of the source become text; a run-time string can only become a value (`$1`). So SQL injection
/// is impossible.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Sendable { case text(StaticString), parameter(SQLType) }

    private(set) var pieces: [Piece]
    private(set) var values: [SQLValue]

    package init(stringLiteral text: StaticString) {
        pieces = [.text(text)]
        values = []
    }

    package init(stringInterpolation parts: StringInterpolation) { self = parts.sql }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.pieces.reserveCapacity(2 * interpolationCount + 1)
            sql.values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ text: StaticString) { sql.pieces.append(.text(text)) }

        package mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value) {
            sql.pieces.append(.parameter(Value.sqlType))
            sql.values.append(value.sqlValue)
        }

        /// NULL for nil.
        package mutating func appendInterpolation<Value: SQLConvertible>(_ value: Value?) {
            sql.pieces.append(.parameter(Value.sqlType))
            sql.values.append(value?.sqlValue ?? .null)
        }

        package mutating func appendInterpolation(_ fragment: SQL) { sql += fragment }
    }

    private init() {
        pieces = []
        values = []
    }

    package static func += (statement: inout SQL, fragment: SQL) {
        statement.pieces += fragment.pieces
        statement.values += fragment.values
    }

    /// The text for the server, with numbered parameters.
    package var text: String {
        var text = ""
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let fixed): text += fixed.description
            case .parameter:
                number += 1
                text += "$\(number)"
            }
        }
        return text
    }

    var types: [SQLType] {
        pieces.compactMap { if case .parameter(let type) = $0 { type } else { nil } }
    }

    /// Equal for statements of equal text: the addresses of its literals, which are constants of the binary.
    var shape: [UInt] {
        pieces.map { piece in
            switch piece {
            case .text(let fixed): fixed.identity
            case .parameter(let type): UInt(type.rawValue)
            }
        }
    }
}

extension StaticString {
    /// The address of the literal in the binary.
    ///
    /// A literal of one scalar has none and is identified by its value.
    fileprivate var identity: UInt {
        hasPointerRepresentation ? unsafe UInt(bitPattern: utf8Start) : UInt(unicodeScalar.value)
    }
}
