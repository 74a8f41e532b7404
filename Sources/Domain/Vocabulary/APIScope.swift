internal import Formats

/// A permission of an API key.
package enum APIScope: String, CaseIterable, Comparable, Sendable {
    case heartbeat, guilds, accounts, posts, queue

    /// The scopes of a guild's key; the others concern the whole installation.
    package static let ofGuild: [APIScope] = [.accounts, .posts, .queue]

    package var label: String {
        switch self {
        case .heartbeat: "Heartbeats"
        case .guilds: "Servers joined and left"
        case .accounts: "Accounts"
        case .posts: "Posts"
        case .queue: "Queue depth"
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
