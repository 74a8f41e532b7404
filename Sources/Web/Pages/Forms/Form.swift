internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// What was typed into a form, and what is wrong with it.
struct Form: Sendable {
    private var values: [String: String]
    /// About single fields, with the API's pointers.
    private(set) var complaints: [Rejection.Complaint] = []
    /// About the whole.
    private(set) var problem: String?
    /// What the page that shows it answers.
    private(set) var status = 200
    /// Whether somebody else saved another version since the form was made.
    private(set) var isOutdated = false
    /// A hidden field.
    static let version = FormField("version", "Version")

    init(_ values: [String: String] = [:]) { self.values = values }

    /// - Throws: `unsupportedType` or `malformed` for what no form of this site sends.
    init(_ request: Request, _ fields: [FormField]) throws(Rejection) {
        let body = try FormBody(request)
        var values: [String: String] = [:]
        for field in fields + [Self.version] { values[field.name] = body[field.name] }
        self.values = values
    }

    /// Empty where it was not sent.
    subscript(name: String) -> String { values[name] ?? "" }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// The form again with what the rejection says; nil for one that no form can show.
    func refused(_ rejection: Rejection) -> Form? {
        var form = self
        switch rejection {
        case .invalid(let complaints):
            form.complaints = complaints
            form.status = 422
        case .duplicate(let complaint):
            form.complaints = [complaint]
            form.status = 409
        case .conflict(let reason):
            form.problem = reason
            form.status = 409
        case .inTheWay(let obstacles):
            form.problem = "Meanwhile there is something in it: \(CountText.list(obstacles))."
            form.status = 409
        case .outdated(let current):
            form.values[Self.version.name] = String(current)
            form.isOutdated = true
            form.problem = """
                Somebody else saved another version since you opened this page. What you typed is still here: send it \
                again if it still holds.
                """
            form.status = 412
        default: return nil
        }
        return form
    }

    /// The version that the form was made from; all where it does not say.
    var versions: Versions {
        self[Self.version.name].isEmpty ? .all : .only(WholeNumber.parse(self[Self.version.name]).map { [$0] } ?? [])
    }

    func complaint(about field: FormField) -> String? {
        complaints.first { $0.pointer == field.pointer }.map { "\(field.label) \($0.message)" }
    }

    /// As the API would have got it, so that one reader holds both to the same rules; what is nil is left out.
    func json(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONValue.Member(name, $0) } })
    }

    func text(_ name: String) -> JSONValue { .string(self[name]) }

    /// Left out where nothing was chosen.
    func chosen(_ name: String) -> JSONValue? { self[name].isEmpty ? nil : text(name) }

    /// Null where the field is empty.
    func textOrNull(_ name: String) -> JSONValue { self[name].isEmpty ? .null : text(name) }
}

/// One field of a form.
struct FormField: Sendable {
    let name: String
    let label: String
    var hint: String?

    init(_ name: String, _ label: String, hint: String? = nil) {
        self.name = name
        self.label = label
        self.hint = hint
    }

    var pointer: String { "/\(name)" }

    /// Of the control; what else belongs to it is named after it.
    var id: String { "f-\(name)" }
}
