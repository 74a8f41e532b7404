package import Formats

package struct Account: Sendable, Equatable {
    package let id: ClientAccountID
    package let platform: Platform
    package let handle: String
    package let displayName: String
    package let url: String?
    package let status: AccountStatus
    package let statusSince: Timestamp
    /// Nil if never measured.
    package let followers: Int64?
    /// Nil if no post is known.
    package let lastPostAt: Timestamp?
    package let postCount: Int
    package let createdAt: Timestamp
    package let version: Int64
    package let group: AccountGroupID
    package let groupName: String
    package let brand: BrandID
    package let brandName: String

    package init(
        id: ClientAccountID, platform: Platform, handle: String, displayName: String, url: String?,
        status: AccountStatus, statusSince: Timestamp, followers: Int64?, lastPostAt: Timestamp?, postCount: Int,
        createdAt: Timestamp, version: Int64, group: AccountGroupID, groupName: String, brand: BrandID,
        brandName: String
    ) {
        self.id = id
        self.platform = platform
        self.handle = handle
        self.displayName = displayName
        self.url = url
        self.status = status
        self.statusSince = statusSince
        self.followers = followers
        self.lastPostAt = lastPostAt
        self.postCount = postCount
        self.createdAt = createdAt
        self.version = version
        self.group = group
        self.groupName = groupName
        self.brand = brand
        self.brandName = brandName
    }
}

package struct AccountDraft: Sendable, Equatable {
    package let platform: Platform
    package let handle: String
    package let group: AccountGroupID
    package var displayName = ""
    package var url: String?
    package var tracking = Tracking.active
    package var notes = ""

    package init(platform: Platform, handle: String, group: AccountGroupID) {
        self.platform = platform
        self.handle = handle
        self.group = group
    }
}

/// Nil fields stay unchanged; the platform cannot change.
package struct AccountChange: Sendable, Equatable {
    package var handle: String?
    package var group: AccountGroupID?
    package var displayName: String?
    package var url = Given<String>.absent
    package var tracking: Tracking?
    package var notes: String?

    package init() {}
}

/// The editable fields of an account.
package struct EditableAccount: Sendable, Equatable {
    package let platform: Platform
    package let handle: String
    package let displayName: String
    package let url: String?
    package let status: AccountStatus
    package let notes: String
    package let group: AccountGroupID
    /// The brand's name and the group's name.
    package let groupText: String
    package let version: Int64

    package init(
        platform: Platform, handle: String, displayName: String, url: String?, status: AccountStatus, notes: String,
        group: AccountGroupID, groupText: String, version: Int64
    ) {
        self.platform = platform
        self.handle = handle
        self.displayName = displayName
        self.url = url
        self.status = status
        self.notes = notes
        self.group = group
        self.groupText = groupText
        self.version = version
    }
}
