/// The status of a tracked account at the bot's last check.
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
