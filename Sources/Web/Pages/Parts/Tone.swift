internal import Domain
internal import Formats
internal import HTTP

/// How good something is: told by colour and shape beside the word.
enum Tone: String, Sendable {
    case good, warn, bad, neutral, accent

    init(_ state: BotState) {
        switch state {
        case .online: self = .good
        case .degraded: self = .warn
        case .offline: self = .bad
        case .unknown: self = .neutral
        }
    }

    init(_ status: AccountStatus) {
        switch status {
        case .active: self = .good
        case .paused: self = .neutral
        case .private, .error: self = .warn
        case .suspended, .notFound: self = .bad
        }
    }
}

extension BotState {
    /// What stands before a page's title, so that a tab in the background tells too.
    var titleMark: String {
        switch self {
        case .online: ""
        case .degraded: "▲ "
        case .offline: "✕ "
        case .unknown: "○ "
        }
    }
}
