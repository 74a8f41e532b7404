/// What a person decides about an account's status; the rest of it is what the bot finds.
package enum Tracking: String, CaseIterable, Sendable {
    case active, paused

    package var status: AccountStatus {
        switch self {
        case .active: .active
        case .paused: .paused
        }
    }
}
