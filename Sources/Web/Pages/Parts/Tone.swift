internal import Domain
internal import Formats
internal import HTTP

/// The tone of a status, shown by colour and shape beside the word.
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
    /// The prefix of a page's title, visible on a background tab.
    var titleMark: String {
        switch self {
        case .online: ""
        case .degraded: "▲ "
        case .offline: "✕ "
        case .unknown: "○ "
        }
    }
}
