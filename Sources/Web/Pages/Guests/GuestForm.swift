internal import Domain
internal import Persistence

/// What was typed into the form that makes a guest, and what is wrong with it.
struct GuestForm: Sendable {
    var user = ""
    var level = Level.viewer.rawValue
    var hours = "168"
    /// About the whole; nil where nothing is wrong but fields.
    var problem: String?
    var complaints: [Rejection.Complaint] = []

    static let lengths = [
        Choice("1", "1 hour"), Choice("24", "1 day"), Choice("168", "7 days"), Choice("720", "30 days"),
    ]

    init() {}

    /// - Throws: `unsupportedType` or `malformed` for what no form of this site sends.
    init(_ request: Request) throws(Rejection) {
        let body = try FormBody(request)
        user = body["userId"] ?? ""
        level = body["level"] ?? ""
        hours = body["hours"] ?? ""
    }

    /// - Throws: `invalid`, with the same pointers as the API.
    func draft() throws(Rejection) -> Guests.Draft {
        var complaints: [Rejection.Complaint] = []
        let id = UserID(user.split(separator: " ").joined())
        if id == nil { complaints.append(.init("/userId", "must be a Discord id: 17 to 19 digits.")) }
        let level = Level.allCases.first { $0.rawValue == self.level }
        if level == nil { complaints.append(.init("/level", "must be one of the levels.")) }
        let hours = WholeNumber.parse(self.hours).flatMap { Guests.Draft.hours.contains($0) ? $0 : nil }
        if hours == nil { complaints.append(.init("/hours", "must be an hour to 30 days.")) }
        guard let id, let level, let hours else { throw .invalid(complaints) }
        return Guests.Draft(user: id, level: level, hours: hours)
    }

    /// The form again, with what the rejection says; nil for one that no form can show.
    func rejected(_ rejection: Rejection) -> GuestForm? {
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
