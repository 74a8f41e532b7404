/// What the bot found when it last looked at a tracked account.
package enum AccountStatus: String, CaseIterable, Sendable {
    case active, paused, `private`, suspended
    case notFound = "not_found"
    case error

    package var label: String {
        switch self {
        case .active: "Active"
        case .paused: "Paused"
        case .private: "Private"
        case .suspended: "Suspended"
        case .notFound: "Not found"
        case .error: "Error"
        }
    }
}
