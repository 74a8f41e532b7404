package import Domain
package import Formats
package import HTTP

/// The fields of an HTML form.
package struct FormBody: Sendable {
    private let fields: FormFields

    /// - Throws: `unsupportedType` for another media type, `malformed` with the field's name.
    package init(_ request: Request) throws(Rejection) {
        try request.requireBody(of: "application/x-www-form-urlencoded")
        do {
            fields = try FormFields.parse(request.body, maxFields: 200)
        } catch {
            throw error.rejection
        }
    }

    package subscript(name: String) -> String? { fields[name] }

    /// All fields, in the order sent.
    package var all: [FormFields.Field] { fields.fields }
}

extension Request {
    /// The body as JSON.
    ///
    /// - Throws: `unsupportedType` for another media type, `malformed` with the position of the error.
    package func json() throws(Rejection) -> JSONValue {
        try requireBody(of: "application/json")
        do {
            return try JSONParser.parse(body)
        } catch {
            throw error.rejection
        }
    }

    /// Checks the media type, that the text is UTF-8, and that the body is not compressed.
    ///
    /// - Throws: `unsupportedType`.
    package func requireBody(of type: String) throws(Rejection) {
        let sent = headers.text("content-type")?.lowercased().split(separator: ";") ?? []
        guard let first = sent.first, first == type else { throw .unsupportedType(expected: type) }
        guard sent.dropFirst().allSatisfy(Self.isUTF8) else { throw .unsupportedType(expected: "\(type) in UTF-8") }
        guard headers.contains("content-encoding") else { return }
        guard headers.text("content-encoding")?.lowercased() == "identity" else {
            throw .unsupportedType(expected: "\(type) without Content-Encoding")
        }
    }

    /// False for a parameter `charset` that names another encoding; its value may be quoted (RFC 9110, 5.6.6).
    private static func isUTF8(_ parameter: Substring) -> Bool {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var bytes = Array(parameter.utf8.drop(while: isBlank))
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        guard bytes.starts(with: "charset=".utf8) else { return true }
        let value = bytes.dropFirst("charset=".utf8.count)
        return value.elementsEqual("utf-8".utf8) || value.elementsEqual("\"utf-8\"".utf8)
    }
}
