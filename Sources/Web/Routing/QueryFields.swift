internal import Domain
internal import Formats
internal import HTTP

extension Endpoint {
    /// The fields of the query.
    ///
    /// The API rejects unknown names, because a typo must not be ignored. Pages accept them, because mail and chat
    /// programs add names to links.
    ///
    /// - Throws: `malformed` with the name.
    func fields(of request: Request) throws(Rejection) -> [(name: String, value: String)] {
        guard !request.query.isEmpty else { return [] }
        let lenient = parameters.filter(\.isLenient).map(\.name.description)
        let parsed = try Self.parse(request.query, lenient)
        var found: [(name: String, value: String)] = []
        for field in parsed {
            let isKnown = parameters.contains { $0.name.description == field.name }
            if !isKnown {
                guard kind == .api else { continue }
                throw .malformed(.init(field.name, "is not a parameter of this address"))
            }
            guard !found.contains(where: { $0.name == field.name }) else {
                throw .malformed(.init(field.name, "was sent more than once"))
            }
            found.append((field.name, field.value))
        }
        return found
    }

    private static func parse(_ query: String, _ lenient: [String]) throws(Rejection) -> [FormFields.Field] {
        do {
            return try FormFields.parse(Array(query.utf8), maxFields: 50, lenient: lenient).fields
        } catch {
            throw error.rejection
        }
    }
}
