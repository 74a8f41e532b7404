package import Formats

package struct AccountGroup: Sendable, Equatable {
    package let id: AccountGroupID
    package let name: String
    package let brand: BrandID
    package let brandName: String
    package let createdAt: Timestamp
    package let version: Int64
    package let accountCount: Int
    package let postCount: Int

    package init(
        id: AccountGroupID, name: String, brand: BrandID, brandName: String, createdAt: Timestamp, version: Int64,
        accountCount: Int, postCount: Int
    ) {
        self.id = id
        self.name = name
        self.brand = brand
        self.brandName = brandName
        self.createdAt = createdAt
        self.version = version
        self.accountCount = accountCount
        self.postCount = postCount
    }
}

package struct AccountGroupDraft: Sendable, Equatable {
    package let name: String
    package let brand: BrandID

    package init(name: String, brand: BrandID) {
        self.name = name
        self.brand = brand
    }
}

/// Nil fields stay unchanged.
package struct AccountGroupChange: Sendable, Equatable {
    package var name: String?
    package var brand: BrandID?

    package init(name: String? = nil, brand: BrandID? = nil) {
        self.name = name
        self.brand = brand
    }
}

/// A group as an option of a form or filter.
package struct GroupChoice: Sendable, Equatable {
    package let brand: BrandID
    package let brandName: String
    /// Nil for a brand without groups.
    package let group: AccountGroupID?
    package let groupName: String?

    package init(brand: BrandID, brandName: String, group: AccountGroupID?, groupName: String?) {
        self.brand = brand
        self.brandName = brandName
        self.group = group
        self.groupName = groupName
    }
}
