internal import Formats
internal import Synchronization

/// One statement: fixed text with typed parameters.
///
/// Only string literals of the source become text; a run-time string can only become a value (`$1`). So SQL injection
/// is impossible.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
    enum Piece: Sendable {
        case text(StaticString)
        case parameter(SQLType)
        /// Many pieces of text as one.
        case list(FixedText)
    }

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
            case .list(let fixed): text += fixed.text
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
            case .list(let fixed): UInt(bitPattern: ObjectIdentifier(fixed))
            case .parameter(let type): UInt(type.rawValue)
            }
        }
    }
}

extension SQL {
    /// The fragments with commas between them: one piece if none has a value.
    static func list(_ fragments: [SQL]) -> SQL {
        var all: SQL = ""
        for (index, fragment) in fragments.enumerated() { all += index == 0 ? fragment : ", \(fragment)" }
        if all.values.isEmpty { all.pieces = [.list(.of(all.text))] }
        return all
    }
}

/// Text that was joined from literals of the source.
///
/// Equal texts are one object that is never freed, so that its address identifies it like that of a literal.
final class FixedText: Sendable {
    let text: String
    private static let known = Mutex<[String: FixedText]>([:])

    private init(_ text: String) { self.text = text }

    fileprivate static func of(_ text: String) -> FixedText {
        known.withLock { known in
            if let fixed = known[text] { return fixed }
            let fixed = FixedText(text)
            known[text] = fixed
            return fixed
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
