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

    /// The level that sees the page.
    var level: Level { [.settings, .guests, .apiKeys, .audit].contains(self) ? .admin : .viewer }

    /// True if guests of a sufficient level see it too.
    var isForGuests: Bool { self != .apiKeys }

    func isShown(in place: Frame.Place) -> Bool { level <= place.level && (isForGuests || !place.isGuest) }

    func link(in guild: GuildID) -> Link {
        switch self {
        case .overview: PagePath.overview.link(guild)
        case .accounts: PagePath.accounts.link(guild)
        case .posts: PagePath.posts.link(guild)
        case .brands: PagePath.brands.link(guild)
        case .usage: PagePath.usage.link(guild)
        case .status: PagePath.guildStatus.link(guild)
        case .settings: PagePath.settings.link(guild)
        case .guests: PagePath.guests.link(guild)
        case .apiKeys: PagePath.apiKeys.link(guild)
        case .audit: PagePath.audit.link(guild)
        }
    }
}
