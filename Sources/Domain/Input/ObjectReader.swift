package import Formats

/// Reads the fields of a request's object one by one, and collects the complaints.
///
///     let draft = try ObjectReader.read(body) { fields in
///         let name = fields.required("name", .text(.line(80)))
///         let target = fields.required("targetViews", .integer(in: 1...1_000_000_000))
///         return if let name, let target { Draft(name: name, targetViews: target) } else { nil }
///     }
package struct ObjectReader {
    /// Further complaints are dropped.
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

    /// `body` builds the value from the fields; it returns nil only if a required field is nil.
    ///
    /// - Throws: `.invalid` with a complaint for each missing, invalid or unknown field.
    package static func read<Value>(
        _ json: JSONValue, _ body: (inout ObjectReader) throws(Rejection) -> Value?
    ) throws(Rejection) -> Value {
        var reader = ObjectReader(json, at: "")
        let value = try body(&reader)
        let complaints = reader.finished(hasValue: value != nil)
        guard let value, complaints.isEmpty else { throw .invalid(complaints) }
        return value
    }

    /// A field that must exist and not be null; nil after a complaint.
    package mutating func required<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        guard let json = take(name) else {
            // If the value is not an object, one complaint is enough.
            if complaints.first?.pointer != pointer { complain(name, "is missing.") }
            return nil
        }
        return rule.read(json, path(to: name), &complaints)
    }

    /// A field that may be missing or null, which means the same; nil also after a complaint.
    package mutating func optional<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        given(name, rule).value
    }

    /// A field that may be missing, but not null; nil also after a complaint.
    package mutating func ifGiven<Value>(_ name: String, _ rule: FieldRule<Value>) -> Value? {
        take(name).flatMap { rule.read($0, path(to: name), &complaints) }
    }

    /// A field for which missing and null differ; `.absent` also after a complaint.
    package mutating func given<Value>(_ name: String, _ rule: FieldRule<Value>) -> Given<Value> {
        guard let json = take(name) else { return .absent }
        if case .null = json { return .null }
        return rule.read(json, path(to: name), &complaints).map(Given.value) ?? .absent
    }

    /// Fields that are accepted and ignored.
    package mutating func pass(over names: [String]) {
        for name in names { _ = take(name) }
    }

    /// Adds a complaint of the caller, for example about two fields that contradict each other.
    package mutating func complain(_ name: String, _ message: String) {
        complaints.append(Rejection.Complaint(path(to: name), message))
    }

    private mutating func take(_ name: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else { return nil }
        taken.insert(index)
        return members[index].value
    }

    /// All complaints, including those about unknown fields.
    func finished(hasValue: Bool) -> [Rejection.Complaint] {
        var found = complaints
        for (index, member) in members.enumerated() where !taken.contains(index) {
            if found.count >= Self.maximalComplaints { break }
            found.append(Rejection.Complaint(path(to: member.name), "is not a known field."))
        }
        if found.isEmpty, !hasValue { found = [Rejection.Complaint(pointer, "is not complete.")] }
        return Array(found.prefix(Self.maximalComplaints))
    }

    /// A JSON pointer (RFC 6901); the name is truncated and escaped.
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

/// A field that a request can set, clear or leave unchanged.
package enum Given<Value> {
    case absent, null
    case value(Value)

    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}

extension Given: Equatable where Value: Equatable {}
extension Given: Sendable where Value: Sendable {}
