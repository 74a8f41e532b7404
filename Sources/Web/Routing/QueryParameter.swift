internal import Domain
package import Formats
internal import HTTP

/// One query parameter: its name, its schema and its parser.
package struct QueryParameter<Value: Sendable>: Sendable {
    package let name: StaticString
    package let summary: StaticString
    package let schema: Schema
    /// Nil if the text is invalid; `expectation` then describes a valid value.
    let parse: @Sendable (String) -> Value?
    let expectation: String
    /// True if an invalid value counts as a missing one, even if it is no text.
    var isLenient = false

    package init(
        _ name: StaticString, _ schema: Schema, _ summary: StaticString, expects expectation: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.schema = schema
        self.summary = summary
        self.expectation = expectation
        self.parse = parse
    }

    package var description: ParameterDescription {
        ParameterDescription(name: name, schema: schema, summary: summary, isLenient: isLenient)
    }

    /// The same, but an invalid value counts as a missing one.
    func lenient() -> Self {
        var copy = self
        copy.isLenient = true
        return copy
    }
}

/// A query parameter as the table of endpoints lists it.
package struct ParameterDescription: Sendable {
    let name: StaticString
    let schema: Schema
    let summary: StaticString
    let isLenient: Bool
}

extension QueryParameter where Value: Identifier {
    static func id(_ name: StaticString, _ summary: StaticString) -> Self {
        Self(name, .id, summary, expects: "must be an id: a whole number without sign or leading zeros") { Value($0) }
    }
}

extension QueryParameter where Value: CaseIterable & RawRepresentable<String> {
    static func word(_ name: StaticString, _ summary: StaticString) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(name, .oneOf(words), summary, expects: "must be one of \(words.joined(separator: ", "))") {
            Value(rawValue: $0)
        }
    }
}

extension QueryParameter<Bool> {
    static func flag(_ name: StaticString, _ summary: StaticString) -> Self {
        Self(name, .boolean, summary, expects: "must be true or false") { ["true": true, "false": false][$0] }
    }
}

extension QueryParameter<Int> {
    static func integer(_ name: StaticString, _ range: ClosedRange<Int>, _ summary: StaticString) -> Self {
        let expectation = "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Self(name, .integer(range), summary, expects: expectation) { text in
            guard text.utf8.count <= 19, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension QueryParameter<String> {
    static func text(_ name: StaticString, maximum: Int, _ summary: StaticString) -> Self {
        Self(name, .text(maximum: maximum), summary, expects: "must be text of at most \(maximum) characters") { text in
            let scalars = text.unicodeScalars
            guard scalars.count <= maximum, scalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }) else {
                return nil
            }
            return text
        }
    }
}

extension QueryParameter<CalendarDay> {
    static func day(_ name: StaticString, _ summary: StaticString) -> Self {
        Self(name, .day, summary, expects: "must be a day such as 2026-08-06") { text in
            // Leaves some years free at both ends, for date arithmetic.
            CalendarDay.parse(text).flatMap { (1970...9990).contains($0.year) ? $0 : nil }
        }
    }
}
