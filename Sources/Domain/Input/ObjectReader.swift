package import Formats

/// Takes the fields of a request's object one by one and gathers what is wrong with them.
///
///     let draft = try ObjectReader.read(body) { fields in
///         let name = fields.required("name", .text(.line(80)))
///         let target = fields.required("targetViews", .integer(in: 1...1_000_000_000))
///         return if let name, let target { Draft(name: name, targetViews: target) } else { nil }
///     }
package struct ObjectReader {
    /// More are not reported.
    package static let maximalComplaints = 20

    private let members: [JSONValue.Member]
    private let pointer: String
    private var taken: Set<Int> = []
    private var complaints: [Rejection.Complaint] = []

    init(_ json: JSONValue, at pointer: String) {
        self.pointer = pointer
        if case .object(let members) = json {
            self.members = members
        } else {
            members = []
            complaints = [Rejection.Complaint(pointer, "must be an object.")]
        }
    }

    /// What the body makes of the fields; it returns nil only when a field it needs is nil.
    ///
    /// - Throws: `.invalid` with a complaint for each field that is missing, wrong or not known.
    package static func read<Value>(
        _ json: JSONValue, _ body: (inout ObjectReader) throws(Rejection) -> Value?
    ) throws(Rejection) -> Value {
        var reader = ObjectReader(json, at: "")
        let value = try body(&reader)
        let complaints = reader.finished(hasValue: value != nil)
        guard let value, complaints.isEmpty else { throw .invalid(complaints) }
        return value
    }

    /// A field that must be there and not null; nil after a complaint.
    package mutating func required<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        guard let json = take(name) else {
            // One complaint about what is no object at all is enough.
            if complaints.first?.pointer != pointer { complain(name, "is missing.") }
            return nil
        }
        return rule.read(json, path(to: name), &complaints)
    }

    /// A field that may be missing or null, which is the same; nil also after a complaint.
    package mutating func optional<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        given(name, rule).value
    }

    /// A field that may be missing, but not null; nil also after a complaint.
    package mutating func ifGiven<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        take(name).flatMap { rule.read($0, path(to: name), &complaints) }
    }

    /// A field of which missing and null mean different things; `.absent` also after a complaint.
    package mutating func given<Value>(_ name: String, _ rule: FieldRule<Value>) -> Given<Value> {
        guard let json = take(name) else { return .absent }
        if case .null = json { return .null }
        return rule.read(json, path(to: name), &complaints).map(Given.value) ?? .absent
    }

    /// Fields that may be there, and of which nothing is wanted.
    package mutating func pass(over names: [String]) {
        for name in names { _ = take(name) }
    }

    /// Adds what only the caller can find, such as two fields that do not go together.
    package mutating func complain(_ name: String, _ message: String) {
        complaints.append(Rejection.Complaint(path(to: name), message))
    }

    private mutating func take(_ name: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else { return nil }
        taken.insert(index)
        return members[index].value
    }

    /// The complaints, about fields that nobody took as well.
    func finished(hasValue: Bool) -> [Rejection.Complaint] {
        var found = complaints
        for (index, member) in members.enumerated() where !taken.contains(index) {
            if found.count >= Self.maximalComplaints { break }
            found.append(Rejection.Complaint(path(to: member.name), "is not a known field."))
        }
        if found.isEmpty, !hasValue { found = [Rejection.Complaint(pointer, "is not complete.")] }
        return Array(found.prefix(Self.maximalComplaints))
    }

    /// A JSON pointer (RFC 6901); a name of any length and content is cut and escaped.
    private func path(to name: String) -> String {
        var path = pointer + "/"
        for scalar in name.unicodeScalars.prefix(64) {
            switch scalar {
            case "~": path += "~0"
            case "/": path += "~1"
            default: path.unicodeScalars.append(scalar)
            }
        }
        return path
    }
}

/// A field that a request can set, clear or leave alone.
package enum Given<Value> {
    case absent, null
    case value(Value)

    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}

extension Given: Equatable where Value: Equatable {}
extension Given: Sendable where Value: Sendable {}
