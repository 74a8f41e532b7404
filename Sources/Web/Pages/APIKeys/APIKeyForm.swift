internal import Domain
internal import Persistence

/// What was typed into the form that makes a key, and what is wrong with it.
struct APIKeyForm: Sendable {
    var name = ""
    var scopes = Set(APIScope.ofGuild)
    /// About the whole; nil where nothing is wrong but fields.
    var problem: String?
    var complaints: [Rejection.Complaint] = []

    init() {}

    /// - Throws: `unsupportedType` or `malformed` for what no form of this site sends.
    init(_ request: Request) throws(Rejection) {
        let body = try FormBody(request)
        name = body["name"] ?? ""
        scopes = Set(APIScope.ofGuild.filter { body[Self.field($0)] != nil })
    }

    static func field(_ scope: APIScope) -> String { "scope-\(scope.rawValue)" }

    /// - Throws: `invalid`, with the same pointers as the API.
    func draft() throws(Rejection) -> APIKeys.Draft {
        var complaints: [Rejection.Complaint] = []
        var clean = name
        do throws(TextRule.Fault) { clean = try TextRule.line(100).clean(name) } catch {
            complaints.append(.init("/name", error.message))
        }
        if scopes.isEmpty { complaints.append(.init("/scopes", "must be at least one.")) }
        guard complaints.isEmpty else { throw .invalid(complaints) }
        return APIKeys.Draft(name: clean, scopes: scopes.sorted())
    }

    /// The form again, with what the rejection says; nil for one that no form can show.
    func rejected(_ rejection: Rejection) -> APIKeyForm? {
        var form = self
        switch rejection {
        case .invalid(let complaints): form.complaints = complaints
        case .conflict(let reason): form.problem = reason
        default: return nil
        }
        return form
    }

    func complaint(_ pointer: String) -> String? { complaints.first { $0.pointer == pointer }?.message }
}
