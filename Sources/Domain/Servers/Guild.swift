package import Formats

package struct GuildProfile: Sendable, Equatable {
    package let guild: GuildID
    package let name: String
    /// The hash of the icon on Discord's CDN.
    package let icon: String?
    package let joinedAt: Timestamp
    /// When the bot left; nil while it is a member.
    package let leftAt: Timestamp?
    /// Only for admins, except the time zone.
    package let settings: StoredSettings

    package init(
        guild: GuildID, name: String, icon: String?, joinedAt: Timestamp, leftAt: Timestamp?, settings: StoredSettings
    ) {
        self.guild = guild
        self.name = name
        self.icon = icon
        self.joinedAt = joinedAt
        self.leftAt = leftAt
        self.settings = settings
    }
}

package struct GuildCounts: Sendable, Equatable {
    package let brands: Int
    package let groups: Int
    package let accounts: [Share]

    package init(brands: Int, groups: Int, accounts: [Share]) {
        self.brands = brands
        self.groups = groups
        self.accounts = accounts
    }

    /// The accounts of one platform and status.
    package struct Share: Sendable, Equatable {
        package let platform: Platform
        package let status: AccountStatus
        package let accounts: Int
        package let posts: Int

        package init(platform: Platform, status: AccountStatus, accounts: Int, posts: Int) {
            self.platform = platform
            self.status = status
            self.accounts = accounts
            self.posts = posts
        }
    }

    package var accountCount: Int { accounts.map(\.accounts).saturatingSum }
    package var postCount: Int { accounts.map(\.posts).saturatingSum }

    package func accounts(on platform: Platform) -> Int {
        accounts.filter { $0.platform == platform }.map(\.accounts).saturatingSum
    }

    package func posts(on platform: Platform) -> Int {
        accounts.filter { $0.platform == platform }.map(\.posts).saturatingSum
    }

    package func accounts(being status: AccountStatus) -> Int {
        accounts.filter { $0.status == status }.map(\.accounts).saturatingSum
    }
}

/// Recent activity.
package struct GuildActivity: Sendable, Equatable {
    /// Posts of the last 24 hours.
    package let newPosts: Int
    /// Posts of today and yesterday, in the guild's time zone.
    package let postsSinceYesterday: Int
    /// Views gained in the last 7 days by posts that are at most 14 days old, and the same a week earlier.
    package let views: Int64
    package let viewsBefore: Int64

    package init(newPosts: Int, postsSinceYesterday: Int, views: Int64, viewsBefore: Int64) {
        self.newPosts = newPosts
        self.postsSinceYesterday = postsSinceYesterday
        self.views = views
        self.viewsBefore = viewsBefore
    }

    /// The growth of the views, 0.5 for 50% more; nil if there were none before.
    package var viewsGrowth: Double? {
        viewsBefore > 0 ? Double(views.saturatingSubtract(viewsBefore)) / Double(viewsBefore) : nil
    }
}
