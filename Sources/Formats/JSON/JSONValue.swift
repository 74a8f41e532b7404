/// A JSON document: members keep their order, numbers their spelling.
package indirect enum JSONValue: Hashable, Sendable {
    case object([Member])
    case array([JSONValue])
    case string(String)
    case number(JSONNumber)
    case bool(Bool)
    case null

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The member of that name, compared by bytes; nil if this is not an object.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.hasSameBytes(as: name) }?.value
    }

    package var string: String? { if case .string(let text) = self { text } else { nil } }

    package var array: [JSONValue]? { if case .array(let items) = self { items } else { nil } }

    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// A number without fraction or exponent that fits into 64 bits; `1.0` and `1e2` do not count.
    package var int64: Int64? { if case .number(let number) = self { number.int64 } else { nil } }

    /// As `int64`, but `1.0` counts.
    package var whole: Int64? { if case .number(let number) = self { number.whole } else { nil } }

    package var double: Double? { if case .number(let number) = self { number.double } else { nil } }
}

/// A number of a JSON document, with its original digits.
package struct JSONNumber: Hashable, Sendable {
    /// Valid JSON syntax, because only the parser creates it.
    package let text: String

    package init(text: String) { self.text = text }

    package var int64: Int64? { WholeNumber.parse(text) }

    /// As `int64`, but `1.0` counts: languages without integers write whole numbers so.
    package var whole: Int64? {
        guard let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return int64 }
        let isWhole = text.utf8[text.utf8.index(after: point)...].allSatisfy { $0 == UInt8(ascii: "0") }
        return isWhole ? WholeNumber.parse(text[..<point]) : nil
    }

    /// Nil if it is too large.
    package var double: Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }
}
