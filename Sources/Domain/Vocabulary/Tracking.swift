/// The statuses that a person can set; the bot sets the others.
package enum Tracking: String, CaseIterable, Sendable {
    case active, paused

    package var status: AccountStatus {
        switch self {
        case .active: .active
        case .paused: .paused
        }
    }
}
