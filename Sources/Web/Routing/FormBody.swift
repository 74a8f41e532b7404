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

    /// Checks the media type, and that the body is not compressed.
    ///
    /// - Throws: `unsupportedType`.
    package func requireBody(of type: String) throws(Rejection) {
        let sent = headers.text("content-type")?.split(separator: ";").first?.lowercased() ?? ""
        guard sent == type else { throw .unsupportedType(expected: type) }
        guard headers.contains("content-encoding") else { return }
        guard headers.text("content-encoding")?.lowercased() == "identity" else {
            throw .unsupportedType(expected: "\(type) without Content-Encoding")
        }
    }
}
