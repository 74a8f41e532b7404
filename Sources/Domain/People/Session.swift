package import Formats

/// The session data that a token does not contain.
package struct SessionState: Sendable, Equatable {
    package let user: UserID
    /// When this data expires: with the session, or with the first temporary access.
    package let expires: Timestamp
    package let memberships: [GuildID: Membership]

    package init(user: UserID, expires: Timestamp, memberships: [GuildID: Membership]) {
        self.user = user
        self.expires = expires
        self.memberships = memberships
    }
}

/// A session, for its owner.
package struct LiveSession: Sendable, Equatable {
    package let id: SessionID
    package let userAgent: String
    /// The full address; it is always masked before it is shown.
    package let address: String?
    package let created: Timestamp
    /// The last rotation of the token, so up to 15 minutes old: requests write nothing else.
    package let lastActive: Timestamp
    package let expires: Timestamp

    package init(
        id: SessionID, userAgent: String, address: String?, created: Timestamp, lastActive: Timestamp,
        expires: Timestamp
    ) {
        self.id = id
        self.userAgent = userAgent
        self.address = address
        self.created = created
        self.lastActive = lastActive
        self.expires = expires
    }
}
