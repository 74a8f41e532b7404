internal import Domain
internal import Formats
internal import HTTP

/// The pages of a guild that the navigation leads to, in groups.
enum NavigationItem: CaseIterable, Sendable {
    case overview, accounts, posts, brands, usage, status, settings, guests, apiKeys, audit

    static let groups: [(title: StaticString, items: [NavigationItem])] = [
        ("Tracking", [.overview, .accounts, .posts, .brands]),
        ("Data", [.usage]),
        ("Server", [.status, .settings, .guests, .apiKeys, .audit]),
    ]

    var label: String {
        switch self {
        case .overview: "Overview"
        case .accounts: "Accounts"
        case .posts: "Posts"
        case .brands: "Brands"
        case .usage: "Usage"
        case .status: "Bot status"
        case .settings: "Settings"
        case .guests: "Guests"
        case .apiKeys: "API keys"
        case .audit: "Audit log"
        }
    }

    var icon: Icon {
        switch self {
        case .overview: .overview
        case .accounts: .accounts
        case .posts: .posts
        case .brands: .brands
        case .usage: .usage
        case .status: .status
        case .settings: .settings
        case .guests: .user
        case .apiKeys: .device
        case .audit: .audit
        }
    }

    /// The keyboard shortcut: this key after `g`.
    var key: StaticString {
        switch self {
        case .overview: "o"
        case .accounts: "a"
        case .posts: "p"
        case .brands: "b"
        case .usage: "u"
        case .status: "t"
        case .settings: "s"
        case .guests: "e"
        case .apiKeys: "k"
        case .audit: "l"
        }
    }

    func link(in guild: GuildID) -> Link { path.link(guild) }

    var path: Path<GuildID> {
        switch self {
        case .overview: PagePath.overview
        case .accounts: PagePath.accounts
        case .posts: PagePath.posts
        case .brands: PagePath.brands
        case .usage: PagePath.usage
        case .status: PagePath.guildStatus
        case .settings: PagePath.settings
        case .guests: PagePath.guests
        case .apiKeys: PagePath.apiKeys
        case .audit: PagePath.audit
        }
    }
}
