internal import Formats

/// The tenant that a guild belongs to.
package struct ClientID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A brand of a client.
package struct BrandID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A group of accounts of a brand.
package struct AccountGroupID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A tracked social media account.
package struct ClientAccountID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}

/// A post of a tracked account.
package struct PostID: Identifier {
    package let number: Int64
    package init(number: Int64) { self.number = number }
}
