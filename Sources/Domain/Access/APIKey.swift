package import Formats

package struct APIKey: Sendable, Equatable {
    package let id: APIKeyID
    package let name: String
    package let publicID: String
    package let scopes: [APIScope]
    package let created: Timestamp
    /// Up to a minute old.
    package let lastUsed: Timestamp?
    /// When a rotated key expires; nil for other keys.
    package let expires: Timestamp?

    package init(
        id: APIKeyID, name: String, publicID: String, scopes: [APIScope], created: Timestamp, lastUsed: Timestamp?,
        expires: Timestamp?
    ) {
        self.id = id
        self.name = name
        self.publicID = publicID
        self.scopes = scopes
        self.created = created
        self.lastUsed = lastUsed
        self.expires = expires
    }
}

package struct APIKeyDraft: Sendable, Equatable {
    package let name: String
    package let scopes: [APIScope]

    package init(name: String, scopes: [APIScope]) {
        self.name = name
        self.scopes = scopes
    }
}
