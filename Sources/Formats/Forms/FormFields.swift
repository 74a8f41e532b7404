/// The fields of a form or of a query, in the order sent.
package struct FormFields: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let fields: [Field]

    package init(_ fields: [Field]) { self.fields = fields }

    /// Parses `application/x-www-form-urlencoded`.
    ///
    /// A value that cannot be read is empty if its name is in `lenient`.
    ///
    /// - Throws: `FormSyntaxError` for a broken escape, bytes that are not UTF-8, U+0000, or too many fields.
    package static func parse(
        _ bytes: [UInt8], maxFields: Int, lenient: [String] = []
    ) throws(FormSyntaxError) -> FormFields {
        var fields: [Field] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            if pair.isEmpty { continue }
            guard fields.count < maxFields else {
                throw FormSyntaxError("", "There are more than \(maxFields) fields.")
            }
            fields.append(try field(pair, number: fields.count + 1, lenient))
        }
        return FormFields(fields)
    }

    private static func field(
        _ pair: ArraySlice<UInt8>, number: Int, _ lenient: [String]
    ) throws(FormSyntaxError) -> Field {
        let written = pair.prefix { $0 != UInt8(ascii: "=") }
        guard let name = PercentCoding.text(written, plusIsSpace: true) else {
            throw FormSyntaxError("", "The name of field \(number) is not readable text.")
        }
        guard let value = PercentCoding.text(pair[written.endIndex...].dropFirst(), plusIsSpace: true) else {
            if lenient.contains(where: name.hasSameBytes) { return Field(name, "") }
            let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(64)))
            throw FormSyntaxError(shown, "is not readable text.")
        }
        return Field(name, value)
    }

    /// The value of the first field of that name.
    package subscript(name: String) -> String? { fields.first { $0.name.hasSameBytes(as: name) }?.value }

    /// The values of all fields of that name, as sent by checkboxes.
    package func all(_ name: String) -> [String] {
        fields.filter { $0.name.hasSameBytes(as: name) }.map(\.value)
    }

    /// The value of a field that must not be repeated; nil if it is missing.
    ///
    /// - Throws: `FormSyntaxError`.
    package func single(_ name: String) throws(FormSyntaxError) -> String? {
        let values = all(name)
        guard values.count < 2 else { throw FormSyntaxError(name, "was sent more than once.") }
        return values.first
    }

    /// The fields as a query, without the `?`.
    package var query: String {
        fields.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }.joined(separator: "&")
    }
}

/// An error in the text of a form or query.
package struct FormSyntaxError: Error, Equatable, Sendable {
    /// The field; empty if it is about all of them, or the name cannot be read.
    package let field: String
    package let message: String

    init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}
