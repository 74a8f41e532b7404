package import Formats

package struct Brand: Sendable, Equatable {
    package let id: BrandID
    package let name: String
    package let createdAt: Timestamp
    package let version: Int64
    package let groupCount: Int
    package let accountCount: Int
    package let postCount: Int

    package init(
        id: BrandID, name: String, createdAt: Timestamp, version: Int64, groupCount: Int, accountCount: Int,
        postCount: Int
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.version = version
        self.groupCount = groupCount
        self.accountCount = accountCount
        self.postCount = postCount
    }
}
