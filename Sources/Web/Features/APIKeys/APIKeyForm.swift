internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The form that creates a key.
enum APIKeyForm {
    static let name = FormField("name", "Name")
    static let scopes = FormField("scopes", "Can write")
    static let boxes = APIScope.ofGuild.map(box)

    private static func box(_ scope: APIScope) -> FormField { FormField("scope-\(scope.rawValue)", scope.label) }

    /// The initial form.
    static let empty = Form(Dictionary(uniqueKeysWithValues: boxes.map { ($0.name, "on") }))

    /// - Throws: `unsupportedType` or `malformed` if the request is not from a form of this site.
    static func read(_ request: Request) throws(Rejection) -> Form {
        try Form(request, [name] + boxes + [FormField(FormToken.field, "Form token")])
    }

    /// - Throws: `invalid`, with the same pointers as the API.
    static func draft(_ form: Form) throws(Rejection) -> APIKeyDraft {
        let chosen = APIScope.ofGuild.filter { form.has(box($0).name) }
        do {
            return try APIKeyJSON.read(
                form.json(
                    ("name", form.text(name.name)), ("scopes", .array(chosen.map { .string($0.rawValue) }))))
        } catch .invalid(let complaints) {
            throw .invalid(
                complaints.map { complaint in
                    complaint.pointer == scopes.pointer
                        ? .init(scopes.pointer, "is empty. Choose at least one.") : complaint
                })
        }
    }
}
