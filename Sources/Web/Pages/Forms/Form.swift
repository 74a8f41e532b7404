internal import Domain
internal import Formats
internal import HTTP
internal import Persistence

/// The input of a form, and its errors.
struct Form: Sendable {
    private var values: [String: String]
    /// The values with which the form was opened; they show which fields the person changed.
    private(set) var opened: [String: String]
    /// The fields that were edited by this person or saved by another one.
    private(set) var conflicts: [FieldConflict] = []
    /// Errors of single fields, with the API's pointers.
    private(set) var complaints: [Rejection.Complaint] = []
    /// An error of the whole form.
    private(set) var problem: String?
    /// The response status of the page with the form.
    private(set) var status = 200
    /// True if another admin saved a newer version since the form was opened.
    private(set) var isOutdated = false
    /// A hidden field.
    static let version = FormField("version", "Version")

    /// The prefix of the hidden fields with the values of `opened`.
    static let openedPrefix = "was-"

    init(_ values: [String: String] = [:]) {
        self.values = values
        opened = values
    }

    /// - Throws: `unsupportedType` or `malformed` if the request is not from a form of this site.
    init(_ request: Request, _ fields: [FormField]) throws(Rejection) {
        let body = try FormBody(request)
        var values: [String: String] = [:]
        var opened: [String: String] = [:]
        for field in fields + [Self.version] {
            // Browsers send line breaks as CR LF.
            values[field.name] = body[field.name]?.replacing("\r\n", with: "\n")
            opened[field.name] = body[Self.openedPrefix + field.name]?.replacing("\r\n", with: "\n")
        }
        self.values = values
        self.opened = opened
    }

    /// This form, with the saved values in the fields that the person did not change.
    ///
    /// A form that is not outdated stays as it is.
    func merged(over current: Form, _ fields: [FormField]) -> Form {
        guard isOutdated else { return self }
        var form = self
        form.opened = current.values
        form.values[Self.version.name] = current[Self.version.name]
        for field in fields where current.has(field.name) {
            let (saved, typed) = (current[field.name], self[field.name])
            let row = FieldConflict(
                name: field.name, label: field.label, was: opened[field.name] ?? saved, saved: saved, typed: typed)
            if typed.hasSameBytes(as: row.was) { form.values[field.name] = saved }
            if row.isChanged { form.conflicts.append(row) }
        }
        return form
    }

    /// Empty if it was not sent.
    subscript(name: String) -> String { values[name] ?? "" }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// The form with the errors of the rejection; nil if the form cannot show it.
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
            form.problem =
                opened.isEmpty
                ? "Someone else changed this since you opened the page. Check it, and confirm again."
                : """
                Someone else changed this while you were editing. The form has your changes on top of theirs: check \
                them and save again.
                """
            form.status = 412
        default: return nil
        }
        return form
    }

    /// The version that the form was opened with; all versions if it is missing.
    var versions: Versions {
        self[Self.version.name].isEmpty ? .all : .only(WholeNumber.parse(self[Self.version.name]).map { [$0] } ?? [])
    }

    func complaint(about field: FormField) -> String? {
        complaints.first { $0.pointer == field.pointer }.map { "\(field.label) \($0.message)" }
    }

    /// The input as a JSON request of the API, so that the same code validates both; nil values are left out.
    func json(_ members: (String, JSONValue?)...) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONValue.Member(name, $0) } })
    }

    func text(_ name: String) -> JSONValue { .string(self[name]) }

    /// Left out if there is no choice.
    func chosen(_ name: String) -> JSONValue? { self[name].isEmpty ? nil : text(name) }

    /// Null if the field is empty.
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

    /// The id of the control; ids of its parts are derived from it.
    var id: String { "f-\(name)" }
}
