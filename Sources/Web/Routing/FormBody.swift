package import Domain
package import Formats
package import HTTP

/// The fields of an HTML form.
package struct FormBody: Sendable {
    private let fields: FormFields

    /// - Throws: `unsupportedType` for another media type, `malformed` with the field's name.
    package init(_ request: Request) throws(Rejection) {
        let type = request.headers.text("content-type")?.split(separator: ";").first ?? ""
        guard type.lowercased() == "application/x-www-form-urlencoded" else {
            throw .unsupportedType(expected: "application/x-www-form-urlencoded")
        }
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
        let type = headers.text("content-type")?.split(separator: ";").first?.lowercased() ?? ""
        guard type == "application/json" else { throw .unsupportedType(expected: "application/json") }
        do {
            return try JSONParser.parse(body)
        } catch {
            throw error.rejection
        }
    }
}
